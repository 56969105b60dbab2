/* assert.c - ends the process when the harness itself is wrong. */
#include "harness/assert.h"

#include <stdio.h>
#include <unistd.h>

enum {
    FAILED = 70 /* as the runtime's own failure */
};

void hn_check_failed(const char *file, int line, const char *what)
{
    dprintf(STDERR_FILENO, "vigil: %s:%d: %s\n", file, line, what);
    _exit(FAILED);
}

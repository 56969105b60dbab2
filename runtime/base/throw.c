/* throw.c - our own failures: say which, let the hook dump, end with 70. */
#include "runtime/base/throw.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void (*rt_fatal_hook)(const char *message);
void (*rt_refused_hook)(const char *what);

void rt_refused(const char *what)
{
    if (rt_refused_hook)
        rt_refused_hook(what);
}

void rt_throw(const char *fmt, ...)
{
    static const char head[] = "fatal error: vigil: ";
    char message[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(message, sizeof(message), fmt, ap);
    va_end(ap);
    if (write(2, head, sizeof(head) - 1) < 0 ||
        write(2, message, strlen(message)) < 0 || write(2, "\n", 1) < 0)
        _exit(RT_EXIT_INTERNAL); /* nowhere left to say it */
    if (rt_fatal_hook)
        rt_fatal_hook(message);
    _exit(RT_EXIT_INTERNAL);
}

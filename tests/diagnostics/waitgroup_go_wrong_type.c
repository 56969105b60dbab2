/* waitgroup_go_wrong_type.c - go_waitgroup_go with a pointer where the function takes an int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct go_waitgroup wg = {0};
    const char *s = "one";

    go_waitgroup_go(&wg, takes_int, s); /* wrong */
}

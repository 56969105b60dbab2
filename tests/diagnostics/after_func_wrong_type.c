/* after_func_wrong_type.c - go_after_func with a pointer where the function takes an int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    const char *s = "one";

    go_after_func(GO_SECOND, takes_int, s); /* wrong */
}

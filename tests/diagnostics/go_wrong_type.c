/* go_wrong_type.c - go with a pointer where the function takes an int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    const char *s = "one";

    go(takes_two, s, s); /* wrong */
}

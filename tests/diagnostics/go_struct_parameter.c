/* go_struct_parameter.c - go of a function that takes a struct: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct a v = {1};

    go(takes_struct, v); /* wrong */
}

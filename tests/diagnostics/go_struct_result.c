/* go_struct_result.c - go of a function that returns a struct: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(returns_struct, n); /* wrong */
}

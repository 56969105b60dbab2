/* go_double_parameter.c - go of a function that takes a double: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(takes_double, n); /* wrong */
}

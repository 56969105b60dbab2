/* go_double_result.c - go of a function that returns a double: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(returns_double, n); /* wrong */
}

/* blocking_double_result.c - go_blocking of a function that returns a double: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go_blocking(returns_double, n); /* wrong */
}

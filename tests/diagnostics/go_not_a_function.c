/* go_not_a_function.c - go of something that is no function: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(n, n); /* wrong */
}

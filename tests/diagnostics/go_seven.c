/* go_seven.c - go with seven arguments: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(takes_seven, n, n, n, n, n, n, n); /* wrong */
}

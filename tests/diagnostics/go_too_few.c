/* go_too_few.c - go with fewer arguments than the function takes: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(takes_two, n); /* wrong */
}

/* defer_two_parameters.c - go_defer of a function that takes two arguments: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go_defer(takes_two, n); /* wrong */
}

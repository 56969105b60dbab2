/* go_too_many.c - go with more arguments than the function takes: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(takes_two, n, "two", 3); /* wrong */
}

/* go_argument_to_none.c - go with an argument for a function that takes none: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(takes_none, n); /* wrong */
}

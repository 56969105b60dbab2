/* go_integer_for_pointer.c - go with an integer where the function takes a pointer: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(takes_two, n, n); /* wrong */
}

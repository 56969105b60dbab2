/* go_wrong_pointer.c - go with a pointer to something else: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go(takes_two, n, &n); /* wrong */
}

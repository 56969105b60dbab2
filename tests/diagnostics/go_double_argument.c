/* go_double_argument.c - a double passed to go: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    double d = 1.5;

    go(takes_int, d); /* wrong */
}

/* go_double_constant.c - a floating point constant passed to go: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    go(takes_int, 1.5); /* wrong */
}

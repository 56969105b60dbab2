/* go_float_parameter.c - go of a function that takes a float, given one: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    float f = 1.5f;

    go(takes_float, f); /* wrong */
}

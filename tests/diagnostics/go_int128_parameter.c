/* go_int128_parameter.c - go of a function that takes more than a word: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    __int128 v = 1;

    go(takes_int128, v); /* wrong */
}

/* go_big_struct_parameter.c - go of a function that takes a struct of many words: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct big v = {{1}};

    go(takes_big, v); /* wrong */
}

/* errgroup_go_void.c - go_errgroup_go of a function that returns nothing: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct go_errgroup g = {0};

    go_errgroup_go(&g, takes_int, 1); /* wrong */
}

/* errgroup_go_pointer.c - go_errgroup_go of a function that returns a pointer: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct go_errgroup g = {0};

    go_errgroup_go(&g, returns_pointer); /* wrong */
}

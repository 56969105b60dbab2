/* select_not_a_case.c - a channel in place of a case: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);

    go_select(c); /* wrong */
}

/* make_wrong_type.c - a channel made of another type than declared: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c;

    c = chan_make(short, 0); /* wrong */
    chan_close(c);
}

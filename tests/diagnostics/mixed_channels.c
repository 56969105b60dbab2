/* mixed_channels.c - a channel of int kept as one of long: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);
    chan(long) d;

    d = c; /* wrong */
    chan_close(d);
}

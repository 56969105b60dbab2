/* receiver_as_channel.c - a receiver kept as a whole channel: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan_receiver(int) c = chan_as_receiver(chan_make(int, 0));
    chan(int) d;

    d = c; /* wrong */
    chan_close(d);
}

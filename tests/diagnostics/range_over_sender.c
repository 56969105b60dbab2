/* range_over_sender.c - a range over a send-only handle: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan_sender(int) c = chan_as_sender(chan_make(int, 0));

    chan_range(v, c) /* wrong */
        puts_it(v ? "1" : "0");
}

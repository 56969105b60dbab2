/* close_of_receiver.c - close of a handle that can only receive: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan_receiver(int) c = chan_as_receiver(chan_make(int, 0));

    chan_close(c); /* wrong */
}

/* try_send_on_receiver.c - an offer on a handle that can only receive: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan_receiver(int) c = chan_as_receiver(chan_make(int, 0));

    chan_try_send(c, 1); /* wrong */
}

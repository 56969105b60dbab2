/* receiver_as_sender.c - a sender made of a receiver: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan_receiver(int) c = chan_as_receiver(chan_make(int, 0));

    chan_as_sender(c); /* wrong */
}

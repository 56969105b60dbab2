/* recv_from_sender.c - a receive from a handle that can only send: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan_sender(int) c = chan_as_sender(chan_make(int, 0));

    chan_recv(c); /* wrong */
}

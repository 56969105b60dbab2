/* select_recv_from_sender.c - GO_RECV from a handle that can only send: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan_sender(int) c = chan_as_sender(chan_make(int, 0));

    go_select(GO_RECV(c, NULL)); /* wrong */
}

/* select_send_wrong_struct.c - a struct in GO_SEND on a channel of another: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(struct a) c = chan_make(struct a, 0);
    struct b v = {1};

    go_select(GO_SEND(c, v)); /* wrong */
}

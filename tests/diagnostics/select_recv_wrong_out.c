/* select_recv_wrong_out.c - GO_RECV into a variable of another type: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);
    long v;

    go_select(GO_RECV(c, &v)); /* wrong */
}

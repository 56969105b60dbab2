/* select_recv_wrong_ok.c - GO_RECV_OK whose ok is an int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);
    int v, ok;

    go_select(GO_RECV_OK(c, &v, &ok)); /* wrong */
}

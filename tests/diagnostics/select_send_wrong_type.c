/* select_send_wrong_type.c - a string in GO_SEND on a channel of int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);

    go_select(GO_SEND(c, "one")); /* wrong */
}

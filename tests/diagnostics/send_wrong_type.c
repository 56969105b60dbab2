/* send_wrong_type.c - a string sent on a channel of int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);

    chan_send(c, "one"); /* wrong */
}

/* try_send_wrong_type.c - a string offered to a channel of int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);

    chan_try_send(c, "one"); /* wrong */
}

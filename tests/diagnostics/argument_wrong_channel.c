/* argument_wrong_channel.c - a channel of int given to a function that takes one of long: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);

    takes_long(c); /* wrong */
}

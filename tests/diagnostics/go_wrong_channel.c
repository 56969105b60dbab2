/* go_wrong_channel.c - go with a channel of int where the function takes one of long: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);

    go(takes_long, c); /* wrong */
}

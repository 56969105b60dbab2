/* send_wrong_struct.c - a struct sent on a channel of another: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(struct a) c = chan_make(struct a, 0);

    chan_send(c, (struct b){1}); /* wrong */
}

/* recv_ok_wrong_out.c - chan_recv_ok into a variable of another type: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);
    const char *s;

    chan_recv_ok(c, &s); /* wrong */
}

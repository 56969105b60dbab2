/* try_recv_wrong_out.c - chan_try_recv into a variable of another type: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);
    double d;

    chan_try_recv(c, &d); /* wrong */
}

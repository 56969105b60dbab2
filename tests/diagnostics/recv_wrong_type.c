/* recv_wrong_type.c - what a channel of int gives, kept in a pointer: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);
    const char *s = NULL;

    s = chan_recv(c); /* wrong */
    puts_it(s);
}

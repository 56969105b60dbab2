/* send_wrong_pointer.c - a pointer sent on a channel of pointers to something else: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(const char *) c = chan_make(const char *, 0);
    int n = 1;

    chan_send(c, &n); /* wrong */
}

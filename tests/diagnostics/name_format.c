/* name_format.c - a name whose format does not fit: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    chan(int) c = chan_make(int, 0);

    chan_name(c, "%d", "one"); /* wrong */
}

/* close_of_done.c - the done channel of a context closed: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct go_context *ctx = go_context_background();

    chan_close(go_context_done(ctx)); /* wrong */
}

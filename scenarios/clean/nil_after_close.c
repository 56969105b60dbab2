/*
 * nil_after_close - the twin: the loop ends when both inputs have.
 *
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

static void merge(chan(int) a, chan(int) b)
{
    bool ok;

    while (a || b) {
        if (go_select(GO_RECV_OK(a, NULL, &ok), GO_RECV_OK(b, NULL, &ok)) == 0)
            a = ok ? a : NULL;
        else
            b = ok ? b : NULL;
    }
}

SCENARIO(nil_after_close, .about = "a merge that ends with its inputs",
         .origin = "Cheney, Curious channels")
{
    chan(int) a = chan_make(int, 0), b = chan_make(int, 0);

    go(merge, a, b);
    chan_send(a, 1);
    chan_close(a);
    chan_send(b, 1);
    chan_close(b);
}

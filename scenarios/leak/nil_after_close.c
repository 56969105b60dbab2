/*
 * nil_after_close - each closed input becomes nil, and the loop goes on.
 *
 * Pattern: the nil trick of a merge without an end condition. Expected:
 * LEAK(1), a select whose channels are all nil. Origin: Cheney, "Curious
 * channels", done wrong.
 */
#include <vigil/scenario.h>

static void merge(chan(int) a, chan(int) b)
{
    bool ok;

    for (;;) { /* the bug: never asks whether anything is left */
        if (go_select(GO_RECV_OK(a, NULL, &ok), GO_RECV_OK(b, NULL, &ok)) == 0)
            a = ok ? a : NULL;
        else
            b = ok ? b : NULL;
    }
}

SCENARIO(nil_after_close, .about = "a merge that does not know its end",
         .expect = EXPECT_LEAK(1), .origin = "Cheney, Curious channels")
{
    chan(int) a = chan_make(int, 0), b = chan_make(int, 0);

    go(merge, a, b);
    chan_send(a, 1);
    chan_close(a);
    chan_send(b, 1);
    chan_close(b);
}

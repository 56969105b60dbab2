/*
 * send_on_closed - the twin: the sender closes.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void produce(chan(int) out)
{
    chan_send(out, 1);
    chan_close(out);
}

SCENARIO(send_on_closed, .about = "the sender closes")
{
    chan(int) c = chan_make(int, 0);
    int sum = 0;

    go(produce, c);
    chan_range(v, c)
        sum += v;
    CHECK_EQ(sum, 1);
}

SCENARIO(send_on_closed_unlucky, .about = "the sender closes, whoever is first",
         .explore = true)
{
    chan(int) c = chan_make(int, 1);

    go(produce, c);
    chan_range(v, c)
        CHECK_EQ(v, 1);
}

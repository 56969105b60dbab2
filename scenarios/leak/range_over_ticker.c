/*
 * range_over_ticker - stop does not close a ticker's channel.
 *
 * Pattern: a loop that ranges over the ticks, and a stop that is taken for an
 * end. Expected: LEAK(1): a stopped ticker is no life. Origin: Go's
 * documentation of Ticker.Stop.
 */
#include "scenarios/check.h"

static void count(chan(go_instant) ticks, chan(int) out)
{
    int n = 0;

    chan_range(t, ticks) {
        (void)t;
        chan_send(out, ++n);
    }
}

SCENARIO(range_over_ticker, .about = "range over a ticker that is stopped",
         .expect = EXPECT_LEAK(1))
{
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);
    chan(int) out = chan_make(int, 0);

    go(count, t->c, out);
    for (int i = 1; i <= 3; i++)
        CHECK_EQ(chan_recv(out), i);
    go_ticker_stop(t);
}

/*
 * range_over_ticker - the twin: a done channel beside the ticks.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void count(chan(go_instant) ticks, chan(int) out, chan(bool) done)
{
    int n = 0;

    while (go_select(GO_RECV(done, NULL), GO_RECV(ticks, NULL)))
        chan_send(out, ++n);
}

SCENARIO(range_over_ticker, .about = "ticks, and a word to end")
{
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);
    chan(int) out = chan_make(int, 0);
    chan(bool) done = chan_make(bool, 0);

    go(count, t->c, out, done);
    for (int i = 1; i <= 3; i++)
        CHECK_EQ(chan_recv(out), i);
    go_ticker_stop(t);
    chan_close(done);
}

/*
 * ticker_keeps_time_but_nobody_lives - the twin: the reader is not locked out.
 *
 * Expected: CLEAN; the ticker that is still armed at the end is no matter.
 */
#include "scenarios/check.h"

static void reader(struct go_ticker *t, chan(int) done)
{
    for (int i = 0; i < 3; i++)
        chan_recv(t->c);
    chan_send(done, 3);
}

SCENARIO(ticker_keeps_time_but_nobody_lives,
         .about = "a running ticker, and a reader that ends")
{
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);
    chan(int) done = chan_make(int, 0);

    go(reader, t, done);
    CHECK_EQ(chan_recv(done), 3);
    CHECK_EQ(go_now(), 30 * GO_MILLISECOND);
}

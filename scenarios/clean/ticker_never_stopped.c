/*
 * ticker_never_stopped - the twin: told to end, and the ticker is freed.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void clean_up(chan(bool) done, struct go_atomic *rounds)
{
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);

    go_defer(go_ticker_free, t);
    while (go_select(GO_RECV(done, NULL), GO_RECV(t->c, NULL)))
        go_atomic_add(rounds, 1);
}

SCENARIO(ticker_never_stopped, .about = "ticks until done")
{
    static struct go_atomic rounds;
    chan(bool) done = chan_make(bool, 0);

    go(clean_up, done, &rounds);
    go_sleep(35 * GO_MILLISECOND);
    chan_close(done);
    CHECK_EQ(go_atomic_load(&rounds), 3);
}

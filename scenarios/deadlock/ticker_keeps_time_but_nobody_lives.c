/*
 * ticker_keeps_time_but_nobody_lives - a ticker runs, its reader is stuck.
 *
 * Pattern: armed timers that can wake nobody are no life. The reader takes
 * three ticks, then waits for the lock that main holds, and main waits for
 * the reader. Expected: DEADLOCK, at once, though the ticker goes on.
 */
#include <vigil/scenario.h>

static void reader(struct go_ticker *t, struct go_mutex *mu, chan(int) done)
{
    for (int i = 0; i < 3; i++)
        chan_recv(t->c);
    go_mutex_lock(mu);
    chan_send(done, 3);
    go_mutex_unlock(mu);
}

SCENARIO(ticker_keeps_time_but_nobody_lives,
         .about = "a running ticker hides no deadlock",
         .expect = EXPECT_DEADLOCK)
{
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);
    struct go_mutex mu = {0};
    chan(int) done = chan_make(int, 0);

    go_mutex_lock(&mu);
    go(reader, t, &mu, done);
    chan_recv(done);
}

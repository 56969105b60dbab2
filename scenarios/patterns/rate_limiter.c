/*
 * rate_limiter - a bucket of three tokens, one more every 100 ms.
 *
 * Expected: CLEAN; ten requests go at 0, 0, 0, 100, 200, ... 700 ms.
 */
#include "scenarios/check.h"

enum {
    BURST = 3,
    REQUESTS = 10
};

static void refill(chan(bool) bucket, chan(bool) done)
{
    struct go_ticker *t = go_ticker_new(100 * GO_MILLISECOND);

    go_defer(go_ticker_free, t);
    while (go_select(GO_RECV(done, NULL), GO_RECV(t->c, NULL)))
        chan_try_send(bucket, true); /* full: the token is lost */
}

SCENARIO(rate_limiter, .about = "a token bucket on a ticker")
{
    chan(bool) bucket = chan_make(bool, BURST), done = chan_make(bool, 0);

    for (int i = 0; i < BURST; i++)
        chan_send(bucket, true);
    go(refill, bucket, done);
    for (int i = 0; i < REQUESTS; i++) {
        chan_recv(bucket);
        int waits = i < BURST ? 0 : i - BURST + 1;
        CHECK_EQ(go_now(), waits * 100 * GO_MILLISECOND);
    }
    chan_close(done);
}

/*
 * leak_hidden_by_ticker - a clock ticks on, and somebody listens to it.
 *
 * Pattern: a call gives up on its answer in a program that has a heartbeat:
 * not everything ever sleeps. Expected: LEAK(1), proven while it beats, for
 * the heart does not know the channel. Origin: what Go's own detector of
 * deadlocks can not see.
 */
#include "scenarios/check.h"

static void heart(chan_receiver(bool) quit, chan(int) beats)
{
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);
    int n = 0;

    while (go_select(GO_RECV(t->c, NULL), GO_RECV(quit, NULL)) == 0)
        n++;
    go_ticker_free(t);
    chan_send(beats, n);
}

static void answer(chan(int) c)
{
    chan_send(c, 42);
}

FORGETS static void ask_and_give_up(void)
{
    chan(int) c = chan_make(int, 0);

    go(answer, c);
}

SCENARIO(leak_hidden_by_ticker, .about = "a leak while a clock ticks",
         .expect = EXPECT_LEAK(1))
{
    chan(bool) quit = chan_make(bool, 0);
    chan(int) beats = chan_make(int, 0);

    go(heart, chan_as_receiver(quit), beats);
    ask_and_give_up();
    go_sleep(105 * GO_MILLISECOND);
    look_until_stuck(1);
    chan_close(quit);
    CHECK(chan_recv(beats) >= 10);
}

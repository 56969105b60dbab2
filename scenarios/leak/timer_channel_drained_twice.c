/*
 * timer_channel_drained_twice - stop says "too late", so it drains again.
 *
 * Pattern: `if !t.Stop() { <-t.C }` after the value was already received.
 * Expected: LEAK(1): a timer that has fired once sends no second value.
 * Origin: Go's documentation of Timer.Stop before 1.23.
 */
#include "scenarios/check.h"

static void wait_a_bit(void)
{
    struct go_timer *t = go_timer_new(10 * GO_MILLISECOND);

    chan_recv(t->c);
    if (!go_timer_stop(t))
        chan_recv(t->c); /* the bug: the value is gone */
    go_timer_free(t);
}

SCENARIO(timer_channel_drained_twice, .about = "drains a drained timer",
         .expect = EXPECT_LEAK(1))
{
    go(wait_a_bit);
}

/*
 * timer_channel_drained_twice - the twin: stop and reset leave no old value,
 * so nothing is drained.
 *
 * Expected: CLEAN, at exact times.
 */
#include "scenarios/check.h"

SCENARIO(timer_channel_drained_twice, .about = "stop without a drain")
{
    struct go_timer *t = go_timer_new(10 * GO_MILLISECOND);

    CHECK_EQ(chan_recv(t->c), 10 * GO_MILLISECOND);
    CHECK(!go_timer_stop(t));
    CHECK(!go_timer_reset(t, 5 * GO_MILLISECOND));
    CHECK_EQ(chan_recv(t->c), 15 * GO_MILLISECOND);
    go_timer_free(t);
}

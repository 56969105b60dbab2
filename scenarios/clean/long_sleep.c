/*
 * long_sleep - everybody waits for one that sleeps for days.
 *
 * Looks stuck: three wait, nothing moves. Is not: a timer is armed. Expected:
 * CLEAN, in no time on the virtual clock.
 */
#include "scenarios/check.h"

static void sleeper(chan(int) c)
{
    go_sleep(72 * GO_HOUR);
    chan_close(c);
}

static void waiter(chan(int) c)
{
    CHECK(!chan_recv_ok(c, NULL));
}

SCENARIO(long_sleep, .about = "asleep for three days")
{
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, 0);

    go(sleeper, c);
    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, waiter, c);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_now(), 72 * GO_HOUR);
}

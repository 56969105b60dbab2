/*
 * slow_handoff - a lock goes from hand to hand, a minute each.
 *
 * Looks stuck: nineteen wait for a lock, for up to twenty minutes. Is not:
 * its owner sleeps, and goes on. Expected: CLEAN; a look in the middle proves
 * nothing stuck.
 */
#include "scenarios/check.h"

enum {
    HANDS = 20
};

static void hold(struct go_mutex *mu)
{
    go_mutex_lock(mu);
    go_sleep(GO_MINUTE);
    go_mutex_unlock(mu);
}

SCENARIO(slow_handoff, .about = "a lock that is passed on slowly")
{
    struct go_mutex mu = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < HANDS; i++)
        go_waitgroup_go(&wg, hold, &mu);
    go_sleep(10 * GO_MINUTE + GO_SECOND);
    CHECK_EQ(go_check(), 0);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_now(), HANDS * GO_MINUTE);
}

/*
 * lock_held_across_wait - the twin: joins first, locks afterwards.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void add(struct go_mutex *mu, int *sum, int n)
{
    go_mutex_lock(mu);
    *sum += n;
    go_mutex_unlock(mu);
}

SCENARIO(lock_held_across_wait, .about = "joins without the lock")
{
    struct go_mutex mu = {0};
    struct go_waitgroup wg = {0};
    int sum = 0;

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, add, &mu, &sum, i);
    go_waitgroup_wait(&wg);
    go_mutex_lock(&mu);
    CHECK_EQ(sum, 3);
    go_mutex_unlock(&mu);
}

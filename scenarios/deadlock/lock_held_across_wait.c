/*
 * lock_held_across_wait - waits for goroutines that need the lock it holds.
 *
 * Pattern: lock and wait group in one ring. Expected: DEADLOCK; the members
 * of the group are known exactly, so it is provable at any time. Origin:
 * classic.
 */
#include <vigil/scenario.h>

static void add(struct go_mutex *mu, int *sum, int n)
{
    go_mutex_lock(mu);
    *sum += n;
    go_mutex_unlock(mu);
}

SCENARIO(lock_held_across_wait, .about = "joins with the lock held",
         .expect = EXPECT_DEADLOCK)
{
    struct go_mutex mu = {0};
    struct go_waitgroup wg = {0};
    int sum = 0;

    go_mutex_lock(&mu);
    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, add, &mu, &sum, i);
    go_waitgroup_wait(&wg);
    go_mutex_unlock(&mu);
}

/*
 * lock_order_ring_3 - the twin: the last one takes the right fork first.
 *
 * Expected: CLEAN, and no lock-order hint.
 */
#include <vigil/scenario.h>

static void eat(struct go_mutex *left, struct go_mutex *right, long turn)
{
    go_sleep(turn * GO_MILLISECOND);
    go_mutex_lock(left);
    go_mutex_lock(right);
    go_mutex_unlock(right);
    go_mutex_unlock(left);
}

SCENARIO(lock_order_ring_3, .about = "three locks, and no ring")
{
    struct go_mutex fork[3] = {0};
    struct go_waitgroup wg = {0};

    for (long i = 0; i < 2; i++)
        go_waitgroup_go(&wg, eat, &fork[i], &fork[i + 1], i);
    go_waitgroup_go(&wg, eat, &fork[0], &fork[2], 2l);
    go_waitgroup_wait(&wg);
}

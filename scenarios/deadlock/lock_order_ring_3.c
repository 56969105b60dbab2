/*
 * lock_order_ring_3 - three goroutines, three locks, each pair in one order
 * only: the ring shows when all three are put together.
 *
 * Pattern: dining philosophers who happen not to eat at the same time.
 * Expected: LOCK ORDER, a hint. Origin: classic.
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

SCENARIO(lock_order_ring_3, .about = "three locks in a ring, and luck",
         .expect = EXPECT_LOCK_ORDER)
{
    struct go_mutex fork[3] = {0};
    struct go_waitgroup wg = {0};

    for (long i = 0; i < 3; i++)
        go_waitgroup_go(&wg, eat, &fork[i], &fork[(i + 1) % 3], i);
    go_waitgroup_wait(&wg);
}

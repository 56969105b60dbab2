/*
 * philosophers_try_lock - who has one fork only puts it down again.
 *
 * Pattern: hold and do not wait, in a ring. All have their left fork, none the
 * right one, all put it down. Expected: LIVELOCK. Origin: Dijkstra 1965.
 */
#include <vigil/scenario.h>

enum {
    SEATS = 5
};

static void dine(struct go_mutex *left, struct go_mutex *right)
{
    go_mutex_lock(left);
    while (!go_mutex_trylock(right)) {
        go_mutex_unlock(left);
        go_yield();
        go_mutex_lock(left);
    }
    go_mutex_unlock(right);
    go_mutex_unlock(left);
}

SCENARIO(philosophers_try_lock, .about = "five philosophers, never insisting",
         .expect = EXPECT_LIVELOCK, .explore = true, .origin = "Dijkstra 1965")
{
    struct go_mutex fork[SEATS] = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < SEATS; i++)
        go_waitgroup_go(&wg, dine, &fork[i], &fork[(i + 1) % SEATS]);
    go_waitgroup_wait(&wg);
}

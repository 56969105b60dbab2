/*
 * polite_locks - who does not get the second lock gives back the first.
 *
 * Pattern: try-lock against deadlock, without an order or an end. In step with
 * each other both take their first lock, fail, give back, and begin again: no
 * deadlock, and no progress. Expected: LIVELOCK. Origin: classic.
 */
#include <vigil/scenario.h>

static void transfer(struct go_mutex *from, struct go_mutex *to)
{
    for (;;) {
        go_mutex_lock(from);
        if (go_mutex_trylock(to))
            break;
        go_mutex_unlock(from);
        go_yield();
    }
    go_mutex_unlock(to);
    go_mutex_unlock(from);
}

SCENARIO(polite_locks, .about = "two locks, given back when one is missing",
         .expect = EXPECT_LIVELOCK, .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer, &a, &b);
    go_waitgroup_go(&wg, transfer, &b, &a);
    go_waitgroup_wait(&wg);
}

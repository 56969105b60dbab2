/*
 * abba_try_lock - two orders, but nobody waits in the wrong one.
 *
 * Pattern: who takes the locks the other way round only tries the second one,
 * and lets go of the first when it is taken. Expected: CLEAN, and no
 * lock-order hint. Has no twin.
 */
#include <vigil/scenario.h>

static void in_order(struct go_mutex *a, struct go_mutex *b)
{
    go_mutex_lock(a);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(b);
    go_mutex_unlock(b);
    go_mutex_unlock(a);
}

static void the_other_way(struct go_mutex *a, struct go_mutex *b)
{
    bool done = false;

    while (!done) {
        go_mutex_lock(b);
        done = go_mutex_trylock(a);
        if (done)
            go_mutex_unlock(a);
        go_mutex_unlock(b);
        go_sleep(GO_MILLISECOND);
    }
}

SCENARIO(abba_try_lock, .about = "two orders, one of them only tried")
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, in_order, &a, &b);
    go_waitgroup_go(&wg, the_other_way, &a, &b);
    go_waitgroup_wait(&wg);
}

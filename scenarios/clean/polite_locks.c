/*
 * polite_locks - the twin: politeness has an end.
 *
 * Pattern: after some tries both locks are taken in one order for all.
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

enum {
    TRIES = 4
};

static bool try_both(struct go_mutex *from, struct go_mutex *to)
{
    go_mutex_lock(from);
    if (go_mutex_trylock(to))
        return true;
    go_mutex_unlock(from);
    go_yield();
    return false;
}

static void transfer(struct go_mutex *from, struct go_mutex *to)
{
    bool up = (uintptr_t)from < (uintptr_t)to, have = false;

    for (int i = 0; i < TRIES && !have; i++)
        have = try_both(from, to);
    if (!have) {
        go_mutex_lock(up ? from : to);
        go_mutex_lock(up ? to : from);
    }
    go_mutex_unlock(to);
    go_mutex_unlock(from);
}

SCENARIO(polite_locks, .about = "two locks, given back some times",
         .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer, &a, &b);
    go_waitgroup_go(&wg, transfer, &b, &a);
    go_waitgroup_wait(&wg);
}

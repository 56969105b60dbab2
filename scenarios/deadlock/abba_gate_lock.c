/*
 * abba_gate_lock - two orders, but never at the same time.
 *
 * Pattern: a common lock around both makes the inversion harmless. Expected:
 * CLEAN, and no lock-order hint: the gate is held in both. Has no twin, for
 * it is none of the bugs. Origin: Havelund's gate locks.
 */
#include <vigil/scenario.h>

static struct go_mutex gate;

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(&gate);
    go_mutex_lock(first);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
    go_mutex_unlock(&gate);
}

SCENARIO(abba_gate_lock, .about = "two orders behind a gate lock")
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_wait(&wg);
}

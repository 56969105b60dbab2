/*
 * mutex_abba - the twin: one order for all.
 *
 * Pattern: the lock with the lower address comes first, whatever the
 * direction of the transfer. Expected: CLEAN.
 */
#include <vigil/scenario.h>

static void transfer(struct go_mutex *from, struct go_mutex *to)
{
    bool up = (uintptr_t)from < (uintptr_t)to;
    struct go_mutex *first = up ? from : to, *second = up ? to : from;

    go_mutex_lock(first);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

SCENARIO(mutex_abba, .about = "two locks, one order")
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer, &a, &b);
    go_waitgroup_go(&wg, transfer, &b, &a);
    go_waitgroup_wait(&wg);
}

static void transfer_at_once(struct go_mutex *from, struct go_mutex *to)
{
    bool up = (uintptr_t)from < (uintptr_t)to;
    struct go_mutex *first = up ? from : to, *second = up ? to : from;

    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

SCENARIO(mutex_abba_unlucky, .about = "two locks, one order, no sleep",
         .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer_at_once, &a, &b);
    go_waitgroup_go(&wg, transfer_at_once, &b, &a);
    go_waitgroup_wait(&wg);
}

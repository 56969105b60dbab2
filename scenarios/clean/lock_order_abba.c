/*
 * lock_order_abba - the twin: one order for all.
 *
 * Expected: CLEAN, and no lock-order hint.
 */
#include <vigil/scenario.h>

static void transfer(struct go_mutex *from, struct go_mutex *to)
{
    bool up = (uintptr_t)from < (uintptr_t)to;
    struct go_mutex *first = up ? from : to, *second = up ? to : from;

    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static void later(struct go_mutex *from, struct go_mutex *to)
{
    go_sleep(GO_MILLISECOND);
    transfer(from, to);
}

SCENARIO(lock_order_abba, .about = "two locks, one order")
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer, &a, &b);
    go_waitgroup_go(&wg, later, &b, &a);
    go_waitgroup_wait(&wg);
}

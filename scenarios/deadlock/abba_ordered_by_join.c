/*
 * abba_ordered_by_join - two orders, the second after the first has ended.
 *
 * Pattern: the join between the two keeps them apart. Expected: CLEAN, and no
 * lock-order hint. Has no twin.
 */
#include <vigil/scenario.h>

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

SCENARIO(abba_ordered_by_join, .about = "two orders with a join between")
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup first = {0}, second = {0};

    go_waitgroup_go(&first, both, &a, &b);
    go_waitgroup_wait(&first);
    go_waitgroup_go(&second, both, &b, &a);
    go_waitgroup_wait(&second);
}

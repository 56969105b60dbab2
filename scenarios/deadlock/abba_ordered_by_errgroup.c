/*
 * abba_ordered_by_errgroup - two orders, the second after the group of the
 * first has been waited for.
 *
 * Pattern: the join keeps the two apart. Expected: CLEAN, and no lock-order
 * hint. Has no twin.
 */
#include <vigil/scenario.h>

static int both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
    return 0;
}

SCENARIO(abba_ordered_by_errgroup, .about = "two orders, a group between")
{
    struct go_mutex a = {0}, b = {0};
    struct go_errgroup first = {0}, second = {0};

    go_errgroup_go(&first, both, &a, &b);
    go_errgroup_wait(&first);
    go_errgroup_go(&second, both, &b, &a);
    go_errgroup_wait(&second);
}

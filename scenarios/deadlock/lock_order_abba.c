/*
 * lock_order_abba - two locks in two orders, and this run is lucky.
 *
 * Pattern: mutex_abba without the sleep that makes it certain: the second
 * transfer begins when the first has ended, by a clock and not by a join, so
 * nothing but luck keeps them apart. Expected: LOCK ORDER, a hint. Origin:
 * classic.
 */
#include <vigil/scenario.h>

static void transfer(struct go_mutex *from, struct go_mutex *to)
{
    go_mutex_lock(from);
    go_mutex_lock(to);
    go_mutex_unlock(to);
    go_mutex_unlock(from);
}

static void later(struct go_mutex *from, struct go_mutex *to)
{
    go_sleep(GO_MILLISECOND);
    transfer(from, to);
}

SCENARIO(lock_order_abba, .about = "two locks, two orders, and luck",
         .expect = EXPECT_LOCK_ORDER)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer, &a, &b);
    go_waitgroup_go(&wg, later, &b, &a);
    go_waitgroup_wait(&wg);
}

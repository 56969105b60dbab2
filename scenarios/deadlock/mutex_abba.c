/*
 * mutex_abba - two locks, taken in two orders.
 *
 * Pattern: transfers in both directions at once. Expected: DEADLOCK. The sleep
 * between the locks makes it certain on the virtual clock: it ends only when
 * both goroutines have their first lock. Without it, it is a matter of the
 * schedule. Origin: classic.
 */
#include <vigil/scenario.h>

static void transfer(struct go_mutex *from, struct go_mutex *to)
{
    go_mutex_lock(from);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(to);
    go_mutex_unlock(to);
    go_mutex_unlock(from);
}

SCENARIO(mutex_abba, .about = "two locks, two orders",
         .expect = EXPECT_DEADLOCK)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer, &a, &b);
    go_waitgroup_go(&wg, transfer, &b, &a);
    go_waitgroup_wait(&wg);
}

static void transfer_at_once(struct go_mutex *from, struct go_mutex *to)
{
    go_mutex_lock(from);
    go_mutex_lock(to);
    go_mutex_unlock(to);
    go_mutex_unlock(from);
}

SCENARIO(mutex_abba_unlucky, .about = "two locks, two orders, no sleep",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer_at_once, &a, &b);
    go_waitgroup_go(&wg, transfer_at_once, &b, &a);
    go_waitgroup_wait(&wg);
}

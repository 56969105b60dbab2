/* cond_test.c - waiting for a change, signal and broadcast. */
#include <errno.h>

#include "runtime/sched/timer.h"
#include "runtime/sync/cond.h"
#include "runtime/sync/mutex.h"
#include "runtime/sync/waitq.h"
#include "tests/parked.h"

static struct go_mutex mu;
static struct go_cond cond;
static char order[16];
static int norder;

static void waits(int who)
{
    go_mutex_lock(&mu);
    go_cond_wait(&cond, &mu);
    CHECK(rt_mutex_owned(&mu, rt_g()));
    order[norder++] = (char)who;
    go_mutex_unlock(&mu);
}

static void start_waiters(int n)
{
    for (int i = 0; i < n; i++) {
        go(waits, 'a' + i);
        until_parked((size_t)i + 1, GO_WAIT_COND);
    }
}

static void wait_for(int n)
{
    while (norder < n)
        go_yield();
}

static void one_by_one(void)
{
    start_waiters(3);
    CHECK_EQ(mu.owner, 0);
    for (int i = 1; i <= 3; i++) {
        go_cond_signal(&cond);
        CHECK_EQ(parked(GO_WAIT_COND), 3 - i);
        wait_for(i);
    }
    CHECK(strcmp(order, "abc") == 0);
    CHECK_EQ(cond.signalled.goroutine, 1);
}
Test(cond, a_signal_wakes_the_oldest)
{
    INSIDE(one_by_one);
}

static void all(void)
{
    start_waiters(5);
    go_mutex_lock(&mu);
    go_cond_broadcast(&cond);
    CHECK_EQ(parked(GO_WAIT_COND), 0);
    CHECK_EQ(norder, 0);
    go_mutex_unlock(&mu);
    wait_for(5);
}
Test(cond, broadcast_wakes_all_and_each_locks_again)
{
    INSIDE(all);
}

static void nobody(void)
{
    go_cond_signal(&cond);
    go_cond_broadcast(&cond);
    go_mutex_lock(&mu);
    go_cond_wait(&cond, &mu);
}
Test(cond, a_signal_to_nobody_is_lost)
{
    expect_deadlock(nobody);
}

static void unlocked(void)
{
    CHECK_PANIC(go_try(go_cond_wait_at, &cond, &mu, NULL),
                "sync: unlock of unlocked mutex");
    CHECK(!cond.waiters.first);
}
Test(cond, wait_without_the_mutex_panics)
{
    INSIDE(unlocked);
}

/* ---- with a lock of somebody else's --------------------------------------*/

static int unlocks(void *lock)
{
    *(bool *)lock = false;
    return 0;
}

static int does_not_unlock(void *lock)
{
    (void)lock;
    return EPERM;
}

static int wait_with(int (*unlock)(void *lock), void *lock, int64_t until)
{
    const struct rt_cond_wait how = {
        .unlock = unlock, .lock = lock, .until = until};
    struct g *g = rt_enter();
    int err = rt_cond_wait_with(&cond, g, &how);

    rt_leave(rt_g());
    return err;
}

static void refused(void)
{
    CHECK_EQ(wait_with(does_not_unlock, NULL, INT64_MAX), EPERM);
    CHECK(!rt_waitq_first(&cond.waiters));
}
Test(cond, who_can_not_unlock_does_not_stay_in_the_queue)
{
    INSIDE(refused);
}

static bool locked;
static int waited;
static void waits_a_second(void)
{
    locked = true;
    waited = wait_with(unlocks, &locked, go_add(go_now(), GO_SECOND));
}

static void limited(void)
{
    waited = -1;
    go(waits_a_second);
    until_parked(1, GO_WAIT_COND);
    CHECK(!locked);
    go_sleep(GO_MINUTE);
    CHECK_EQ(waited, ETIMEDOUT);
    CHECK(!rt_waitq_first(&cond.waiters));
    go(waits_a_second);
    until_parked(1, GO_WAIT_COND);
    go_cond_signal(&cond);
    go_sleep(GO_MINUTE);
    CHECK_EQ(waited, 0);
}
Test(cond, a_wait_with_a_limit_ends_by_it_or_by_a_signal)
{
    INSIDE(limited);
}

/* A timer at the limit itself, but armed before: it wakes, and the limit, which
   has come too, finds nobody in the queue. */
static struct go_site here = {"cond_test.c", "wakes", NULL, NULL, 1};

static void wakes(struct rt_timer *t, int64_t now)
{
    (void)now;
    rt_cond_wake(&cond, t->arg, &here);
}

static void waits_until(int64_t until)
{
    locked = true;
    waited = wait_with(unlocks, &locked, until);
}

static void signalled_at_the_limit(void)
{
    int64_t until = go_add(go_now(), GO_SECOND);
    struct rt_timer first = {
        .fire = wakes, .arg = rt_enter(), .site = &here, .kind = RT_TIMER_CALL};

    rt_timer_arm(&first, until, 0);
    rt_leave(rt_g());
    waited = -1;
    go(waits_until, until);
    go_sleep(GO_MINUTE);
    CHECK_EQ(waited, 0);
    CHECK(!rt_waitq_first(&cond.waiters));
}
Test(cond, a_signal_just_before_the_limit_is_one)
{
    INSIDE(signalled_at_the_limit);
}

/*
 * Broadcasts without a pause from another worker: many come just between the
 * unlock and the park of a wait. One lost there would leave it parked.
 */
static struct go_atomic stop;
static void hammers(void)
{
    while (!go_atomic_load(&stop))
        go_cond_broadcast(&cond);
}
static void under_hammer(void)
{
    go(hammers);
    for (int i = 0; i < 500; i++) {
        go_mutex_lock(&mu);
        go_cond_wait(&cond, &mu);
        go_mutex_unlock(&mu);
    }
    go_atomic_store(&stop, 1);
}
Test(cond, no_signal_is_lost_between_unlock_and_park)
{
    INSIDE_REAL(under_hammer, 2);
}

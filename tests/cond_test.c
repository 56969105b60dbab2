/* cond_test.c - waiting for a change, signal and broadcast. */
#include "runtime/sync/mutex.h"
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

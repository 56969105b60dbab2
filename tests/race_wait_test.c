/*
 * race_wait_test.c - which waits order two goroutines, and which not.
 *
 * Each primitive with and without: every schedule of the body with it has no
 * race, and one in which it is the wrong one has.
 */
#include "tests/told.h"

#include "runtime/sched/park.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sync/cond.h"

#ifndef RT_TSAN /* its own library has these names there */

static struct go_mutex m;
static struct go_cond cond;
static struct go_once once;
static struct go_semaphore sem;
static struct go_barrier barrier;

static void nothing_at_all(void)
{
}

static void done_first(void)
{
    go_waitgroup_done(&told_wg);
    told_write();
}

static void counted_too_early(void)
{
    told_wg = (struct go_waitgroup){0};
    go_waitgroup_add(&told_wg, 1);
    go(done_first);
    go_waitgroup_wait(&told_wg);
    told_write();
}

Test(race_wait, a_wait_is_after_done_and_before_nothing)
{
    TOLD_SOME(counted_too_early);
}

static bool ready;

static void signals(void)
{
    go_mutex_lock(&m);
    ready = true;
    go_mutex_unlock(&m);
    told_write();
    go_cond_signal(&cond);
}

static void awaits(void)
{
    go_mutex_lock(&m);
    while (!ready)
        go_cond_wait(&cond, &m);
    go_mutex_unlock(&m);
}

static void awaits_signal(void)
{
    go_mutex_lock(&m);
    if (!ready) {
        go_cond_wait(&cond, &m);
        told_write();
    }
    go_mutex_unlock(&m);
}

static void awaits_and_writes(void)
{
    awaits();
    told_write();
}

static void by_signal(void)
{
    m = (struct go_mutex){0};
    cond = (struct go_cond){0};
    ready = false;
    told_both(signals, awaits_signal);
}

/* Who did not wait has not seen the signal. */
static void by_missed_signal(void)
{
    m = (struct go_mutex){0};
    cond = (struct go_cond){0};
    ready = false;
    told_both(signals, awaits_and_writes);
}

Test(race_wait, a_signal_orders_who_waits)
{
    TOLD_NONE(by_signal);
    TOLD_SOME(by_missed_signal);
}

static int unlocks_nothing(void *lock)
{
    (void)lock;
    return 0;
}

/* As one of the C library's: with whatever lock. */
static void awaits_by_another_lock(void)
{
    const struct rt_cond_wait how = {
        .unlock = unlocks_nothing, .until = INT64_MAX, .site = GO_SITE("")};
    struct g *g = rt_enter();

    rt_cond_wait_with(&cond, g, &how);
    rt_leave(rt_g());
    told_write();
}

static void writes_and_signals(void)
{
    told_write();
    go_cond_signal(&cond);
}

static void by_signal_alone(void)
{
    cond = (struct go_cond){0};
    told_both(writes_and_signals, awaits_by_another_lock);
}

Test(race_wait, a_signal_orders_without_the_lock_too)
{
    TOLD_NONE(by_signal_alone);
}

static void does_once(void)
{
    go_once_do(&once, told_write);
    told_read();
}

static void by_once(void)
{
    once = (struct go_once){0};
    told_both(does_once, does_once);
}

static void does_nothing_once(void)
{
    go_once_do(&once, nothing_at_all);
    told_write();
}

static void by_empty_once(void)
{
    once = (struct go_once){0};
    told_both(does_nothing_once, does_nothing_once);
}

Test(race_wait, a_once_orders_what_it_runs)
{
    TOLD_NONE(by_once);
    TOLD_SOME(by_empty_once);
}

static void with_unit(void)
{
    go_semaphore_acquire(&sem, 1);
    told_write();
    go_semaphore_release(&sem, 1);
}

static void by_one_unit(void)
{
    sem = (struct go_semaphore){0};
    go_semaphore_release(&sem, 1);
    told_both(with_unit, with_unit);
}

static void by_two_units(void)
{
    sem = (struct go_semaphore){0};
    go_semaphore_release(&sem, 2);
    told_both(with_unit, with_unit);
}

static void with_unit_if_any(void)
{
    if (!go_semaphore_tryacquire(&sem, 1))
        return;
    told_write();
    go_semaphore_release(&sem, 1);
}

static void by_one_try(void)
{
    sem = (struct go_semaphore){0};
    go_semaphore_release(&sem, 1);
    told_both(with_unit_if_any, with_unit);
}

Test(race_wait, a_semaphore_orders_as_its_units_do)
{
    TOLD_NONE(by_one_unit);
    TOLD_NONE(by_one_try);
    TOLD_SOME(by_two_units);
}

static void before_barrier(void)
{
    told_write();
    go_barrier_wait(&barrier);
}

static void after_barrier(void)
{
    go_barrier_wait(&barrier);
    told_write();
}

static void by_barrier(void)
{
    barrier = (struct go_barrier){.size = 2};
    told_both(before_barrier, after_barrier);
}

static void same_side(void)
{
    barrier = (struct go_barrier){.size = 2};
    told_both(after_barrier, after_barrier);
}

Test(race_wait, a_barrier_orders_its_two_sides)
{
    TOLD_NONE(by_barrier);
    TOLD_SOME(same_side);
}

#endif

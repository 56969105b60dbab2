/*
 * race_time_test.c - how cancels, atomics and time order two goroutines.
 *
 * Each primitive with and without: every schedule of the body with it has no
 * race, and one in which it is the wrong one has.
 */
#include "tests/told.h"

#include "runtime/sched/sanitize.h"

#ifndef RT_TSAN /* its own library has these names there */

static struct go_atomic flag;
static struct go_context *ctx;

static void cancels(void)
{
    told_write();
    go_context_cancel(ctx);
}

static void awaits_done(void)
{
    chan_recv(go_context_done(ctx));
    told_write();
}

static void asks_for_err(void)
{
    if (go_context_err(ctx))
        told_write();
}

static void asks_in_vain(void)
{
    if (!go_context_err(ctx))
        told_write();
}

#define WITH_CONTEXT(name, reader)                                             \
    static void name(void)                                                     \
    {                                                                          \
        ctx = go_context_with_cancel(go_context_background());                 \
        told_both(cancels, reader);                                            \
        go_context_free(ctx);                                                  \
    }
WITH_CONTEXT(by_done, awaits_done)
WITH_CONTEXT(by_err, asks_for_err)
WITH_CONTEXT(by_no_err, asks_in_vain)

Test(race_time, a_cancel_orders)
{
    TOLD_NONE(by_done);
    TOLD_NONE(by_err);
    TOLD_SOME(by_no_err);
}

static void publishes(void)
{
    told_write();
    go_atomic_store(&flag, 1);
}

static void consumes(void)
{
    if (go_atomic_load(&flag))
        told_write();
}

static void consumes_always(void)
{
    go_atomic_load(&flag);
    told_write();
}

static void takes_turns(void)
{
    if (go_atomic_add(&flag, 1) == 2)
        told_write();
}

static void adds_first(void)
{
    told_write();
    go_atomic_add(&flag, 1);
}

static void adds_after(void)
{
    if (go_atomic_cas(&flag, 1, 2))
        told_write();
}

#define WITH_FLAG(name, one, other)                                            \
    static void name(void)                                                     \
    {                                                                          \
        flag = (struct go_atomic){0};                                          \
        told_both(one, other);                                                 \
    }
WITH_FLAG(by_flag, publishes, consumes)
WITH_FLAG(by_no_flag, publishes, consumes_always)
WITH_FLAG(by_turns, takes_turns, takes_turns)
WITH_FLAG(by_update, adds_first, adds_after)

Test(race_time, atomics_order)
{
    TOLD_NONE(by_flag);
    TOLD_NONE(by_turns);
    TOLD_NONE(by_update);
    TOLD_SOME(by_no_flag);
}

static void sleeps(void)
{
    go_sleep(GO_SECOND);
    told_write();
}

static void by_sleep(void)
{
    told_both(told_write, sleeps);
}

static void yields(void)
{
    go_yield();
    told_write();
}

static void by_yield(void)
{
    told_both(told_write, yields);
}

static void write_and_done(void)
{
    told_write();
    go_waitgroup_done(&told_wg);
}

static void by_timer(void)
{
    struct go_timer *t;

    told_wg = (struct go_waitgroup){0};
    go_waitgroup_add(&told_wg, 1);
    told_write();
    t = go_after_func(GO_SECOND, write_and_done);
    go_waitgroup_wait(&told_wg);
    told_write();
    go_timer_free(t);
}

static void beside_timer(void)
{
    struct go_timer *t = go_after_func(GO_SECOND, told_write);

    told_write();
    go_sleep(2 * GO_SECOND);
    go_timer_free(t);
}

Test(race_time, time_orders_nothing)
{
    TOLD_SOME(by_sleep);
    TOLD_SOME(by_yield);
    TOLD_SOME(beside_timer);
}

Test(race_time, what_a_timer_calls_is_after_its_start)
{
    TOLD_NONE(by_timer);
}

static struct go_timer *timer;

static void write_and_reset(void)
{
    told_write();
    go_timer_reset(timer, GO_SECOND);
}

static void reset_and_write(void)
{
    go_timer_reset(timer, GO_SECOND);
    told_write();
}

static void receive_and_read(void)
{
    chan_recv(timer->c);
    told_read();
}

static void with_timer(void (*resets)(void))
{
    timer = go_timer_new(GO_SECOND);
    go_timer_stop(timer);
    told_both(resets, receive_and_read);
    go_timer_free(timer);
}

static void by_reset(void)
{
    with_timer(write_and_reset);
}

static void after_reset(void)
{
    with_timer(reset_and_write);
}

Test(race_time, a_receive_from_a_timer_is_after_its_reset)
{
    TOLD_NONE(by_reset);
    TOLD_SOME(after_reset);
}

#endif

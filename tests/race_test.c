/*
 * race_test.c - what orders two goroutines, and what does not.
 *
 * Each primitive with and without: every schedule of the body with it has no
 * race, and one in which it is the wrong one has.
 */
#include <stdlib.h>

#include "tests/told.h"

#include "runtime/sched/sanitize.h"

#ifndef RT_TSAN /* its own library has these names there */

static struct go_waitgroup wg;
static struct go_mutex m, n;
static struct go_rwmutex rw;
static struct go_cond cond;
static struct go_once once;
static struct go_semaphore sem;
static struct go_barrier barrier;
static struct go_atomic flag;
static struct go_context *ctx;
static chan(int) c;

static void nothing_at_all(void)
{
}

/* Two that do it, and main waits for both. */
static void both(void (*one)(void), void (*other)(void))
{
    wg = (struct go_waitgroup){0};
    go_waitgroup_go(&wg, one);
    go_waitgroup_go(&wg, other);
    go_waitgroup_wait(&wg);
}

static void bare(void)
{
    both(told_write, told_write);
}

static void read_and_write(void)
{
    both(told_read, told_write);
}

static void two_reads(void)
{
    both(told_read, told_read);
}

static void write_next_to_it(void)
{
    __tsan_write4(&told_x[1]);
}

static void neighbours(void)
{
    both(told_write, write_next_to_it);
}

static void spawned(void)
{
    told_write();
    both(told_read, told_read);
    told_write();
}

static void not_joined(void)
{
    go(told_write);
    told_write();
}

Test(race, nothing_orders_what_is_bare)
{
    TOLD_SOME(bare);
    TOLD_SOME(read_and_write);
    TOLD_SOME(not_joined);
}

Test(race, reads_and_neighbours_do_not_race)
{
    TOLD_NONE(two_reads);
    TOLD_NONE(neighbours);
}

Test(race, spawn_and_join_order)
{
    TOLD_NONE(spawned);
}

static void locked(void)
{
    go_mutex_lock(&m);
    told_write();
    go_mutex_unlock(&m);
}

static void tried(void)
{
    if (go_mutex_trylock(&m)) {
        told_write();
        go_mutex_unlock(&m);
    }
}

static void locked_otherwise(void)
{
    go_mutex_lock(&n);
    told_write();
    go_mutex_unlock(&n);
}

static void by_mutex(void)
{
    m = n = (struct go_mutex){0};
    both(locked, locked);
}

static void by_try(void)
{
    m = n = (struct go_mutex){0};
    both(locked, tried);
}

static void by_two_mutexes(void)
{
    m = n = (struct go_mutex){0};
    both(locked, locked_otherwise);
}

Test(race, a_mutex_orders)
{
    TOLD_NONE(by_mutex);
    TOLD_NONE(by_try);
    TOLD_SOME(by_two_mutexes);
}

static void tries_in_vain(void)
{
    if (!go_mutex_trylock(&m))
        told_write();
    else
        go_mutex_unlock(&m);
}

static void writes_first(void)
{
    told_write();
    go_mutex_lock(&m);
    go_mutex_unlock(&m);
}

static void by_failed_try(void)
{
    m = (struct go_mutex){0};
    both(writes_first, tries_in_vain);
}

Test(race, a_try_that_fails_orders_nothing)
{
    TOLD_SOME(by_failed_try);
}

static void tells_and_unlocks(chan(uint64_t) who)
{
    chan_send(who, go_self());
    go_sleep(GO_SECOND); /* which orders nothing */
    go_mutex_unlock(&m);
}

/* Who unlocks what was handed over comes after who did it. */
static void by_hand_over(void)
{
    chan(uint64_t) who = chan_make(uint64_t, 0);
    uint64_t id = 0;

    m = (struct go_mutex){0};
    wg = (struct go_waitgroup){0};
    go_waitgroup_go(&wg, locked);
    go(tells_and_unlocks, who);
    id = chan_recv(who);
    go_mutex_lock(&m);
    told_write();
    go_mutex_hand_over(&m, id);
    go_waitgroup_wait(&wg);
}

Test(race, a_hand_over_orders)
{
    TOLD_NONE(by_hand_over);
}

static void write_locked(void)
{
    go_rwmutex_lock(&rw);
    told_write();
    go_rwmutex_unlock(&rw);
}

static void read_locked(void)
{
    go_rwmutex_rlock(&rw);
    told_read();
    go_rwmutex_runlock(&rw);
}

static void writes_read_locked(void)
{
    go_rwmutex_rlock(&rw);
    told_write();
    go_rwmutex_runlock(&rw);
}

static void by_writers(void)
{
    rw = (struct go_rwmutex){0};
    both(write_locked, write_locked);
}

static void by_reader_and_writer(void)
{
    rw = (struct go_rwmutex){0};
    both(read_locked, write_locked);
}

static void by_readers(void)
{
    rw = (struct go_rwmutex){0};
    both(writes_read_locked, read_locked);
}

Test(race, a_rwmutex_orders_all_but_its_readers)
{
    TOLD_NONE(by_writers);
    TOLD_NONE(by_reader_and_writer);
    TOLD_SOME(by_readers);
}

static void sends(void)
{
    told_write();
    chan_send(c, 1);
}

static void receives(void)
{
    chan_recv(c);
    told_write();
}

static void closes(void)
{
    told_write();
    chan_close(c);
}

static void selects(void)
{
    go_select(GO_RECV(c, NULL));
    told_write();
}

static void sends_before(void)
{
    chan_send(c, 1);
    told_write();
}

static void receives_after(void)
{
    told_write();
    chan_recv(c);
}

static void unbuffered(void)
{
    c = chan_make(int, 0);
    both(sends, receives);
}

static void buffered(void)
{
    c = chan_make(int, 2);
    both(sends, receives);
}

static void closed(void)
{
    c = chan_make(int, 0);
    both(closes, receives);
}

static void selected(void)
{
    c = chan_make(int, 1);
    both(sends, selects);
}

/* The receive is past for the send, without a buffer. */
static void met(void)
{
    c = chan_make(int, 0);
    both(sends_before, receives_after);
}

static void not_met(void)
{
    c = chan_make(int, 1);
    both(sends_before, receives_after);
}

/* The first receive is past for the second send. */
static void passes_the_place(void)
{
    chan_send(c, 1);
    chan_send(c, 2);
    told_write();
}

static void in_one_place(void)
{
    c = chan_make(int, 1);
    both(passes_the_place, receives_after);
}

static void in_two_places(void)
{
    c = chan_make(int, 2);
    both(passes_the_place, receives_after);
}

static void two_senders(void)
{
    c = chan_make(int, 2);
    both(sends, sends);
}

Test(race, a_channel_orders_send_and_receive)
{
    TOLD_NONE(unbuffered);
    TOLD_NONE(buffered);
    TOLD_NONE(selected);
    TOLD_NONE(met);
    TOLD_NONE(in_one_place);
}

Test(race, a_close_orders)
{
    TOLD_NONE(closed);
}

Test(race, a_buffer_does_not_order_what_is_not_the_same_value)
{
    TOLD_SOME(not_met);
    TOLD_SOME(in_two_places);
    TOLD_SOME(two_senders);
}

static void measures(void)
{
    if (chan_len(c) == 1)
        told_write();
}

static void by_length(void)
{
    c = chan_make(int, 1);
    both(sends, measures);
}

Test(race, a_length_orders_nothing)
{
    TOLD_SOME(by_length);
}

static void done_first(void)
{
    go_waitgroup_done(&wg);
    told_write();
}

static void counted_too_early(void)
{
    wg = (struct go_waitgroup){0};
    go_waitgroup_add(&wg, 1);
    go(done_first);
    go_waitgroup_wait(&wg);
    told_write();
}

Test(race, a_wait_is_after_done_and_before_nothing)
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
    both(signals, awaits_signal);
}

/* Who did not wait has not seen the signal. */
static void by_missed_signal(void)
{
    m = (struct go_mutex){0};
    cond = (struct go_cond){0};
    ready = false;
    both(signals, awaits_and_writes);
}

Test(race, a_signal_orders_who_waits)
{
    TOLD_NONE(by_signal);
    TOLD_SOME(by_missed_signal);
}

static void does_once(void)
{
    go_once_do(&once, told_write);
    told_read();
}

static void by_once(void)
{
    once = (struct go_once){0};
    both(does_once, does_once);
}

static void does_nothing_once(void)
{
    go_once_do(&once, nothing_at_all);
    told_write();
}

static void by_empty_once(void)
{
    once = (struct go_once){0};
    both(does_nothing_once, does_nothing_once);
}

Test(race, a_once_orders_what_it_runs)
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
    both(with_unit, with_unit);
}

static void by_two_units(void)
{
    sem = (struct go_semaphore){0};
    go_semaphore_release(&sem, 2);
    both(with_unit, with_unit);
}

Test(race, a_semaphore_orders_as_its_units_do)
{
    TOLD_NONE(by_one_unit);
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
    both(before_barrier, after_barrier);
}

static void same_side(void)
{
    barrier = (struct go_barrier){.size = 2};
    both(after_barrier, after_barrier);
}

Test(race, a_barrier_orders_its_two_sides)
{
    TOLD_NONE(by_barrier);
    TOLD_SOME(same_side);
}

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
        both(cancels, reader);                                                 \
        go_context_free(ctx);                                                  \
    }
WITH_CONTEXT(by_done, awaits_done)
WITH_CONTEXT(by_err, asks_for_err)
WITH_CONTEXT(by_no_err, asks_in_vain)

Test(race, a_cancel_orders)
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
        both(one, other);                                                      \
    }
WITH_FLAG(by_flag, publishes, consumes)
WITH_FLAG(by_no_flag, publishes, consumes_always)
WITH_FLAG(by_turns, takes_turns, takes_turns)
WITH_FLAG(by_update, adds_first, adds_after)

Test(race, atomics_order)
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
    both(told_write, sleeps);
}

static void yields(void)
{
    go_yield();
    told_write();
}

static void by_yield(void)
{
    both(told_write, yields);
}

static void write_and_done(void)
{
    told_write();
    go_waitgroup_done(&wg);
}

static void by_timer(void)
{
    struct go_timer *t;

    wg = (struct go_waitgroup){0};
    go_waitgroup_add(&wg, 1);
    told_write();
    t = go_after_func(GO_SECOND, write_and_done);
    go_waitgroup_wait(&wg);
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

Test(race, time_orders_nothing)
{
    TOLD_SOME(by_sleep);
    TOLD_SOME(by_yield);
    TOLD_SOME(beside_timer);
}

Test(race, what_a_timer_calls_is_after_its_start)
{
    TOLD_NONE(by_timer);
}

Test(race, both_sites_and_goroutines_are_told)
{
    struct told t = told_run(read_and_write);

    cr_assert_gt(t.races, 0);
    cr_assert_eq(t.first.first.address, &told_x[0]);
    cr_assert_eq(t.first.first.size, 4);
    cr_assert_neq(t.first.first.task, t.first.second.task);
    cr_assert_neq(t.first.first.write, t.first.second.write);
    cr_assert(t.first.first.site && t.first.first.site->pc);
    cr_assert(t.first.second.site && t.first.second.site->pc);
}

static void on_heap(void)
{
    int *x = malloc(sizeof(*x));

    __tsan_write4(x);
    free(x);
}

Test(race, memory_that_is_not_known_is_told_as_unseen)
{
    struct told t = told_run(on_heap);

    cr_assert_gt(t.unseen, 0);
    cr_assert_eq(t.races, 0);
}

#endif

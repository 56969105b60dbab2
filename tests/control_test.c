/* control_test.c - every schedule, and no other. */
#include <string.h>
#include <unistd.h>
#include <vigil/go.h>

#include "runtime/sched/sanitize.h"
#include "runtime/sched/state.h"
#include "tests/classics.h"
#include "tests/driven.h"
#include "tests/lockers.h"

/* ThreadSanitizer needs a millisecond for each goroutine. */
#ifdef RT_TSAN
#define SLOW true
#else
#define SLOW false
#endif

static struct driven d;

static void setup(void)
{
    memset(&d, 0, sizeof(d));
}
TestSuite(control, .init = setup);

/* ---- locks: as many as there are orders of critical sections -------------*/

static uint64_t orders(int ntasks, int nsections)
{
    lockers_tasks = ntasks;
    lockers_sections = nsections;
    setup();
    driven_run(&d, lockers);
    cr_assert(d.complete);
    cr_assert_eq(d.ended[GO_END_CLEAN], d.executions);
    return d.executions;
}

Test(control, critical_sections_in_every_order)
{
    cr_assert_eq(orders(2, 2), 6);
    cr_assert_eq(orders(2, 3), 20);
    cr_assert_eq(orders(3, 2), 90);
    if (!SLOW)
        cr_assert_eq(orders(3, 3), 1680);
}

/* Two lock, and main waits: each arrives in turn, also where nothing is to be
   had, and then who arrived first is first. */
Test(control, all_orders_of_arrival)
{
    lockers_tasks = 2;
    lockers_sections = 1;
    d.begins = d.more = GO_MORE_ARRIVALS;
    driven_run(&d, lockers);
    cr_assert(d.complete);
    cr_assert_eq(d.executions, 6, "%d", (int)d.executions);
    cr_assert_eq(d.ended[GO_END_CLEAN], 6);
}

/* ---- deadlocks -----------------------------------------------------------*/

Test(control, abba_deadlocks_in_some)
{
    driven_run(&d, abba);
    cr_assert_eq(d.executions, 4);
    cr_assert_eq(d.ended[GO_END_STUCK], 2);
    cr_assert_eq(d.ended[GO_END_CLEAN], 2);
}

static void stuck_beside_a_ticker(void)
{
    go_ticker_new(GO_NANOSECOND);
    chan_recv(chan_make(int, 0));
}

Test(control, ticks_that_nobody_takes_keep_nothing_going)
{
    driven_run(&d, stuck_beside_a_ticker);
    cr_assert_eq(d.executions, 1);
    cr_assert_eq(d.ended[GO_END_STUCK], 1);
}

static void lock_when(struct go_mutex *m, go_duration due)
{
    chan(go_instant) c = go_after(due);

    if (due <= 0)
        chan_recv(c);
    go_mutex_lock(m);
    go_mutex_unlock(m);
}

static void at_once_and_in_an_hour(void)
{
    static struct go_mutex m;

    go(lock_when, &m, 0);
    go(lock_when, &m, -GO_SECOND);
    go(lock_when, &m, GO_HOUR);
}

/* Neither what is due at once nor what nobody has the time for. */
Test(control, an_early_timer_ends_nothing_that_can_go_on)
{
    d.early = 2;
    driven_run(&d, at_once_and_in_an_hour);
    cr_assert(d.complete);
    cr_assert_eq(d.ended[GO_END_CLEAN], d.executions);
}

static go_duration patience;
static void answers(chan(int) c)
{
    chan_send(c, 42);
}

static void gives_up(void)
{
    chan(int) c = chan_make(int, 0);

    go(answers, c);
    go_select(GO_RECV(c, NULL), GO_RECV(go_after(patience), NULL));
}

/* Who is held up is so for an hour, and not for a day. */
Test(control, a_timer_of_tomorrow_is_never_early)
{
    for (int hours = 1; hours <= 24; hours += 23) {
        setup();
        d.early = 2;
        patience = hours * GO_HOUR;
        driven_run(&d, gives_up);
        cr_assert(d.complete);
        cr_assert_eq(d.ended[GO_END_CLEAN] == d.executions, hours == 24);
    }
}

/* As the tick thread does, in every other execution. */
static void somebody_comes_by(void)
{
    if (d.executions % 2)
        __atomic_or_fetch(&rt_s.attention, RT_ATTEND, __ATOMIC_RELAXED);
}

static void wait_until(go_duration due)
{
    chan(go_instant) c = go_after(due);

    somebody_comes_by();
    chan_recv(c);
}

static void due_while_somebody_comes_by(void)
{
    static struct go_mutex m;

    go(wait_until, 0);
    go(wait_until, -GO_SECOND);
    for (int i = 0; i < 2; i++) {
        go_mutex_lock(&m);
        somebody_comes_by();
        go_mutex_unlock(&m);
    }
}

/* Else the driver asserts that it has other choices than before. */
Test(control, the_moment_that_a_worker_passes_by_fires_no_timer)
{
    d.early = 2;
    driven_run(&d, due_while_somebody_comes_by);
    cr_assert(d.complete);
}

/* Numbers: a memoised model of two steps each. */
Test(control, philosophers_in_every_order)
{
    philosophers_n = 3;
    driven_run(&d, philosophers);
    cr_assert_eq(d.executions, 30);
    cr_assert_eq(d.ended[GO_END_STUCK], 6);
    if (SLOW)
        return;
    setup();
    philosophers_n = 5;
    driven_run(&d, philosophers);
    cr_assert_eq(d.executions, 12240);
    cr_assert_eq(d.ended[GO_END_STUCK], 120);
}

/* ---- channels ------------------------------------------------------------*/

static uint64_t interleavings(int cap)
{
    producers_room = cap;
    setup();
    driven_run(&d, producers);
    cr_assert(d.complete);
    cr_assert_eq(d.ended[GO_END_CLEAN], d.executions);
    return d.executions;
}

Test(control, producers_and_consumer)
{
    cr_assert_eq(interleavings(0), 20);
    cr_assert_eq(interleavings(1), 20);
    cr_assert_eq(interleavings(2), 640);
    if (!SLOW)
        cr_assert_eq(interleavings(6), 2640);
}

static void looks_for(chan(int) c)
{
    chan_try_recv(c, NULL);
}

static void comes_later(chan(int) c)
{
    go_sleep(GO_SECOND);
    go(answers, c);
    go(looks_for, c);
}

static void waits_for_one_to_come(void)
{
    chan(int) c = chan_make(int, 0);

    go(comes_later, c);
    go_yield();
    chan_recv(c);
}

static void waits_at_both_ends(void)
{
    chan(int) c = chan_make(int, 0);

    go(comes_later, c);
    go_yield();
    go_select(GO_RECV(c, NULL), GO_SEND(c, 1));
}

/* Who sends goes on with main, who waits already: no try finds him waiting. But
   one that is early may have, before main came. */
Test(control, who_is_awaited_by_who_has_arrived_is_met_by_nobody_else)
{
    void (*const bodies[])(void) = {waits_for_one_to_come, waits_at_both_ends};

    for (int i = 0; i < 2; i++) {
        setup();
        driven_run(&d, bodies[i]);
        cr_assert(d.complete);
        cr_assert_eq(d.ended[GO_END_STUCK], 0);
        setup();
        d.early = 1;
        driven_run(&d, bodies[i]);
        cr_assert(d.complete);
        cr_assert_gt(d.ended[GO_END_STUCK], 0);
    }
}

static int workers;

static void asks_for_workers(void)
{
    go_set_procs(4);
    workers = go_set_procs(0);
    lockers();
}

Test(control, one_worker_whatever_is_asked_for)
{
    lockers_tasks = lockers_sections = 2;
    driven_run(&d, asks_for_workers);
    cr_assert_eq(workers, 1);
    cr_assert_eq(d.executions, 6);
}

/* ---- what is no choice ---------------------------------------------------*/

static unsigned unasked;

static void note_unasked(void *arg, const struct go_execution *e)
{
    (void)arg;
    unasked |= e->unasked;
}

static unsigned unasked_of(void (*body)(void))
{
    setup();
    unasked = 0;
    d.each = note_unasked;
    driven_run(&d, body);
    return unasked;
}

static int nothing(void)
{
    return 0;
}

static void calls(void)
{
    go_blocking(nothing);
}

static void reads_what_is_there(void)
{
    int fds[2];
    char byte;

    cr_assert_eq(pipe(fds), 0);
    cr_assert_eq(write(fds[1], "x", 1), 1);
    cr_assert_eq(go_read(fds[0], &byte, 1), 1);
    close(fds[0]);
    close(fds[1]);
}

/* Nobody is seen to wait: it was there, or is at once. */
Test(control, what_comes_from_outside_is_told_each_time)
{
    lockers_tasks = lockers_sections = 2;
    cr_assert_eq(unasked_of(lockers), 0);
    cr_assert_eq(unasked_of(calls), GO_UNASKED_OUTSIDE);
    cr_assert_eq(unasked_of(reads_what_is_there), GO_UNASKED_OUTSIDE);
}

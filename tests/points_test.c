/*
 * points_test.c - what has to be a step of its own in a controlled run: each
 * body here could do something that was out of reach when it was none.
 */
#include <string.h>
#include <vigil/go.h>

#include "tests/driven.h"

static struct driven d;
static uint64_t faults; /* executions that ended with the panic looked for */
static const char *fault;
static uint32_t seen; /* a bit for each thing that a body saw */

static void look(void *arg, const struct go_execution *e)
{
    (void)arg;
    faults += e->panic && fault && strstr(e->panic, fault);
}

static void play(void (*body)(void), const char *panic)
{
    memset(&d, 0, sizeof(d));
    d.each = look;
    faults = 0;
    seen = 0;
    fault = panic;
    driven_run(&d, body);
    cr_assert(d.complete);
}

/* ---- atomics -------------------------------------------------------------*/

static void store(struct go_atomic *a)
{
    go_atomic_store(a, 1);
}

static void store_and_load(void)
{
    static struct go_atomic a;

    a = (struct go_atomic){0};
    go(store, &a);
    seen |= 1u << go_atomic_load(&a);
}

Test(points, an_atomic_is_read_before_and_after_it_is_written)
{
    play(store_and_load, NULL);
    cr_assert_eq(seen, 3);
}

/* ---- channels ------------------------------------------------------------*/

static void close_two(chan(int) c)
{
    chan_close(c);
    chan_close((chan(int))NULL);
}

static void send_to_closed(void)
{
    chan(int) c = chan_make(int, 1);

    go(close_two, c);
    chan_send(c, 1);
    chan_send(c, 1);
}

Test(points, another_panic_comes_before_that_of_a_nil_close)
{
    play(send_to_closed, "send on closed channel");
    cr_assert_gt(faults, 0);
    play(send_to_closed, "close of nil channel");
    cr_assert_gt(faults, 0);
}

static void send_one(chan(int) c)
{
    chan_send(c, 1);
}

static void receive_doubled(void)
{
    chan(int) c = chan_make(int, 0);
    int v;

    go(send_one, c);
    seen |= 1u << go_select(GO_RECV(c, &v), GO_RECV(c, &v));
}

Test(points, a_channel_twice_in_a_select_is_taken_either_way)
{
    play(receive_doubled, NULL);
    cr_assert_eq(seen, 3);
}

static void try_one(chan(int) c)
{
    chan_try_send(c, 1);
}

static void receive_a_try(void)
{
    chan(int) c = chan_make(int, 0);
    int v;

    go(try_one, c);
    seen |= 1u << go_select(GO_RECV(c, &v), GO_RECV(c, &v));
}

Test(points, so_it_is_by_a_try_that_meets_it_parked)
{
    play(receive_a_try, NULL);
    cr_assert_eq(seen, 3);
    cr_assert_gt(d.ended[GO_END_STUCK], 0, "the try was too early");
}

/* ---- semaphores and groups -----------------------------------------------*/

static void acquire(struct go_semaphore *s, int n)
{
    go_semaphore_acquire(s, n);
    seen |= 1u << n;
}

static void big_and_small(void)
{
    static struct go_semaphore s;

    seen = 0;
    s = GO_SEMAPHORE(1);
    go(acquire, &s, 2);
    go(acquire, &s, 1);
}

static uint64_t both_left;

static void look_whether_both_wait(void *arg, const struct go_execution *e)
{
    (void)arg;
    both_left += e->end == GO_END_LEFT && !seen;
}

Test(points, a_small_request_waits_behind_a_big_one)
{
    memset(&d, 0, sizeof(d));
    d.each = look_whether_both_wait;
    both_left = 0;
    driven_run(&d, big_and_small);
    cr_assert_gt(both_left, 0);
    cr_assert_lt(both_left, d.executions);
}

static struct go_waitgroup wg;

static void wait_for_all(void)
{
    go_waitgroup_wait(&wg);
    seen |= 1;
}

static void done_once(void)
{
    go_waitgroup_done(&wg);
}

/* The second addition may come when all have ended, and one has waited. */
static void add_late(void)
{
    memset(&wg, 0, sizeof(wg));
    go_waitgroup_add(&wg, 1);
    go(wait_for_all);
    go(done_once);
    go_waitgroup_add(&wg, 1);
}

static uint64_t waited;

static void look_who_waited(void *arg, const struct go_execution *e)
{
    look(arg, e);
    waited += e->end == GO_END_CLEAN && seen;
    seen = 0;
}

Test(points, an_addition_comes_after_who_waited_for_none)
{
    memset(&d, 0, sizeof(d));
    d.each = look_who_waited;
    waited = faults = 0;
    fault = "reused before previous Wait";
    driven_run(&d, add_late);
    cr_assert_gt(waited, 0, "the wait never ended");
    cr_assert_gt(d.ended[GO_END_LEFT], 0, "it always did");
    cr_assert_gt(faults, 0, "it was never in use again too early");
}

static void done_twice(void)
{
    memset(&wg, 0, sizeof(wg));
    go_waitgroup_add(&wg, 1);
    go(wait_for_all);
    go(done_once);
    go(done_once);
}

Test(points, the_second_to_count_down_to_none_panics_who_waits_or_not)
{
    play(done_twice, "negative WaitGroup counter");
    cr_assert_eq(seen, 1, "nobody ever waited until the first");
    cr_assert_eq(faults, d.executions);
    cr_assert_gt(faults, 1);
}

/* ---- what executions leave -----------------------------------------------*/

static struct go_mutex left[2];

static void lock_and_go(struct go_mutex *m)
{
    go_mutex_lock(m);
}

static void leave_locked(struct go_mutex *m)
{
    memset(m, 0, sizeof(*m));
    go(lock_and_go, m);
    go_yield();
    go_yield();
}

static void leave_one(void)
{
    leave_locked(&left[0]);
}

static void wait_for_other(void)
{
    leave_locked(&left[1]);
    go_mutex_lock(&left[1]);
}

static bool again(void *arg, const struct go_execution *e)
{
    struct driven *x = arg;

    (void)e;
    x->at = x->depth = 0;
    return ++x->executions < 1000;
}

Test(points, locks_that_executions_left_are_not_counted_later)
{
    struct go_outcome outcome = {0};
    struct go_control control = DRIVEN_CONTROL(&d);
    struct go_run run = body_run(leave_one);

    memset(&d, 0, sizeof(d));
    control.over = again;
    run.procs = 1;
    run.text_fd = -1;
    run.outcome = &outcome;
    run.control = &control;
    rt_threads_ours();
    go_run(&run);
    run.control = NULL;
    run.call.fn = (go_fn *)wait_for_other;
    go_run(&run); /* would go on for ever */
    cr_assert_eq(outcome.verdict, GO_VERDICT_DEADLOCK);
}

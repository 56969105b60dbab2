/* control_outside_test.c - who waits for a descriptor where an execution ends,
   and what of that the next one sees. */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include <vigil/go.h>

#include "runtime/sched/state.h"
#include "tests/driven.h"

static struct driven d;
static int fds[2];

static void setup(void)
{
    memset(&d, 0, sizeof(d));
    cr_assert_eq(pipe(fds), 0);
}
TestSuite(control_outside, .init = setup);

static void read_one(void)
{
    char byte;

    cr_assert_eq(go_read(fds[0], &byte, 1), 1);
}

static void leaves_a_reader(void)
{
    go(read_one);
    go_yield();
}

static uint64_t settled;

static void note_settled(void *arg, const struct go_execution *e)
{
    (void)arg;
    settled += e->settled;
}

Test(control_outside, another_execution_follows_one_that_left_a_reader)
{
    d.each = note_settled;
    driven_run(&d, leaves_a_reader);
    cr_assert(d.complete);
    cr_assert_gt(d.executions, 1);
    cr_assert_eq(d.ended[GO_END_LEFT], d.executions);
    cr_assert_eq(settled, d.executions);
}

/* Behind the first, who left a reader at the same descriptor. */
static void writes_later(void)
{
    go(read_one);
    go_sleep(GO_MILLISECOND);
    if (d.executions > 0)
        cr_assert_eq(go_write(fds[1], "x", 1), 1);
}

static void go_on_once(void *arg, const struct go_execution *e)
{
    (void)arg, (void)e;
    d.most = d.executions == 1 ? 2 : d.executions;
}

Test(control_outside, who_waits_there_next_is_woken_and_nobody_of_before)
{
    d.each = go_on_once;
    driven_run(&d, writes_later);
    cr_assert_eq(d.executions, 2);
    cr_assert_eq(d.ended[GO_END_LEFT], 1);
    cr_assert_eq(d.ended[GO_END_CLEAN], 1);
}

static void read_for_ever(void)
{
    go_expect_daemon();
    read_one();
}

static void leaves_a_daemon(void)
{
    go(read_for_ever);
    go_yield();
}

Test(control_outside, nobody_waits_for_what_only_a_daemon_waits_for)
{
    d.each = note_settled;
    driven_run(&d, leaves_a_daemon);
    cr_assert(d.complete);
    cr_assert_gt(d.executions, 1);
    cr_assert_eq(d.ended[GO_END_CLEAN], d.executions);
    cr_assert_eq(settled, 0);
}

static void panic_later(void)
{
    go_expect_daemon();
    go_sleep(GO_MILLISECOND);
    go_panic("later");
}

static void leaves_two_daemons(void)
{
    go(read_for_ever);
    go(panic_later);
}

Test(control_outside, daemons_beside_it_have_their_time)
{
    d.most = 4;
    driven_run(&d, leaves_two_daemons);
    cr_assert_gt(d.ended[GO_END_PANIC], 0);
}

/* The end is not its own: the reader never was at rest. */
static void panics_beside_a_reader(void)
{
    go(read_one);
    go_sleep(GO_MILLISECOND);
    go_panic("beside");
}

Test(control_outside, whoever_waits_is_dropped_where_an_execution_is_cut_off)
{
    d.most = 3;
    d.each = note_settled;
    driven_run(&d, panics_beside_a_reader);
    cr_assert_gt(d.executions, 1);
    cr_assert_eq(d.ended[GO_END_PANIC], d.executions);
    cr_assert_eq(settled, 0);
}

static bool panicked; /* [atomic] */

/* Comes back when the world was at rest once more, or the run is over. */
static void call(void)
{
    uint32_t was;

    while (!rt_load(panicked))
        sched_yield();
    was = rt_load(rt_s.thaw);
    while (rt_load(rt_s.thaw) == was && !rt_load(rt_s.ended))
        sched_yield();
}

static void calls(void)
{
    go_blocking(call);
}

static void panics_beside_a_call(void)
{
    rt_store(panicked, false);
    go(calls);
    go_yield();
    rt_store(panicked, true);
    go_panic("beside");
}

Test(control_outside, an_end_beside_a_call_is_told_when_it_has_come_back)
{
    driven_run(&d, panics_beside_a_call);
    cr_assert(d.complete);
    cr_assert_eq(d.executions, 1);
    cr_assert_eq(d.ended[GO_END_PANIC], 1);
}

static unsigned unasked;

static void note_unasked(void *arg, const struct go_execution *e)
{
    (void)arg;
    unasked |= e->unasked;
}

static void waits_beside_a_timer(void)
{
    cr_assert_eq(go_wait_fd(fds[0], POLLIN, go_now() + GO_MILLISECOND),
                 -ETIMEDOUT);
}

Test(control_outside, what_never_comes_is_waited_for_until_it_is_cut_off)
{
    d.each = note_unasked;
    driven_run(&d, waits_beside_a_timer);
    cr_assert_eq(d.ended[GO_END_CLEAN], d.executions);
    cr_assert_not(unasked & GO_UNASKED_SILENCE);
    setup();
    d.each = note_unasked;
    driven_run(&d, read_one);
    cr_assert(d.complete);
    cr_assert_eq(d.ended[GO_END_BOUND], d.executions);
    cr_assert(unasked & GO_UNASKED_SILENCE);
}

enum {
    TURNS =
        101000, /* of who spins behind main's return: its looks' and grace's */
    SOON = 10   /* of these, before the last: no tick comes in between */
};

static void write_at_last(void)
{
    for (uint32_t turn = 0;; turn++) {
        if (turn == TURNS - SOON)
            cr_assert_eq(write(fds[1], "x", 1), 1);
        go_yield();
    }
}

static bool look_at_it(void *arg, const struct go_execution *e)
{
    (void)arg, (void)e;
    return true;
}

static void leaves_a_reader_and_who_spins(void)
{
    go(read_one);
    go(write_at_last);
    go_yield();
}

Test(control_outside, who_is_ready_when_time_is_up_goes_on_before_the_look)
{
    struct go_control control = DRIVEN_CONTROL(&d);

    control.unsure = look_at_it;
    d.most = 2;
    driven_run_by(&control, leaves_a_reader_and_who_spins);
    cr_assert_eq(d.ended[GO_END_LEFT], 2);
}

static uint32_t take_first(void *arg, const struct go_step *steps, uint32_t n)
{
    (void)arg, (void)steps, (void)n;
    return 0;
}

enum {
    MANY = 80 /* executions, each with a look that shows nothing */
};

static bool count(void *arg, const struct go_execution *e)
{
    (void)arg;
    d.ended[e->end]++;
    return d.executions++ < MANY;
}

static bool never(void *arg, int64_t ns)
{
    (void)arg, (void)ns;
    return false;
}

/* The last execution is; all before go on. */
static void gets_stuck_at_last(void)
{
    struct go_mutex m = {0};

    go(read_one);
    go_yield();
    go_sleep(1);
    go_mutex_lock(&m);
    if (d.executions == MANY)
        go_mutex_lock(&m);
    cr_assert_eq(go_write(fds[1], "x", 1), 1);
    go_yield();
}

Test(control_outside, a_rest_that_lasts_is_looked_at_whatever_looks_have_cost)
{
    struct go_control control = DRIVEN_CONTROL(&d);

    control.choose = take_first;
    control.over = count;
    control.silent = never;
    driven_run_by(&control, gets_stuck_at_last);
    cr_assert_eq(d.ended[GO_END_CLEAN], MANY);
    cr_assert_eq(d.ended[GO_END_STUCK], 1);
}

static bool at_once(void *arg, int64_t ns)
{
    (void)arg;
    return ns == 0;
}

static void lock_twice(void)
{
    struct go_mutex m = {0};

    go_mutex_lock(&m);
    go_mutex_lock(&m);
}

static void reads_beside_who_is_stuck(void)
{
    go(lock_twice);
    read_one();
}

Test(control_outside, who_is_stuck_is_a_leak_where_it_is_cut_off_in_silence)
{
    struct go_control control = DRIVEN_CONTROL(&d);

    control.silent = at_once;
    d.each = note_settled;
    driven_run_by(&control, reads_beside_who_is_stuck);
    cr_assert(d.complete);
    cr_assert_eq(d.ended[GO_END_LEAK], d.executions);
}

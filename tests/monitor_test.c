/* monitor_test.c - when looks happen, and what they end. */
#include <pthread.h>
#include <signal.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/monitor.h"
#include "tests/inside.h"
#include "tests/ran.h"

static struct ran ran;
static struct go_mutex a, b;

static struct go_waitgroup locked;

static void lock_both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_waitgroup_done(&locked);
    go_waitgroup_wait(&locked);
    go_mutex_lock(second);
}

static void start_ring(void)
{
    go_waitgroup_add(&locked, 2);
    go(lock_both, &a, &b);
    go(lock_both, &b, &a);
    go_waitgroup_wait(&locked);
    while (go_check() != 2)
        go_yield();
}

INSIDE_TEST(monitor, check_counts_who_is_stuck_while_main_runs)
{
    CHECK_EQ(go_check(), 0);
    start_ring();
    CHECK_EQ(go_check(), 2);
}

/* A worker that no stop reaches: one thread, the signal blocked. */
static void deaf(struct go_atomic *state)
{
    sigset_t urgent, before;

    sigemptyset(&urgent);
    sigaddset(&urgent, SIGURG);
    pthread_sigmask(SIG_BLOCK, &urgent, &before);
    go_atomic_store(state, 1);
    while (go_atomic_load(state) == 1)
        ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    go_atomic_store(state, 3);
}

static void check_beside_the_deaf(void)
{
    struct go_atomic state = {0};

    start_ring();
    go(deaf, &state);
    while (go_atomic_load(&state) != 1)
        go_yield();
    CHECK_EQ(go_check(), 0);
    go_atomic_store(&state, 2);
    while (go_atomic_load(&state) != 3)
        go_yield();
    CHECK_EQ(go_check(), 2);
}

Test(monitor, nothing_is_proven_while_a_worker_does_not_stop)
{
    INSIDE_REAL(check_beside_the_deaf, 2);
}

static void as_daemon(struct go_mutex *m)
{
    go_expect_daemon();
    go_mutex_lock(m);
}

INSIDE_TEST(monitor, check_does_not_count_daemons)
{
    start_ring();
    go(as_daemon, &a);
    go_sleep(GO_MILLISECOND);
    CHECK_EQ(go_check(), 2);
}

static void receive(chan(int) c)
{
    chan_recv(c);
}

INSIDE_TEST(monitor, check_claims_nothing_of_a_channel_while_main_lives)
{
    chan(int) c = chan_make(int, 0);

    go(receive, c);
    go_sleep(GO_MILLISECOND);
    CHECK_EQ(go_check(), 0);
    chan_send(c, 1);
}

static void ticks(void)
{
    for (;;)
        go_sleep(GO_MILLISECOND);
}

static void main_in_ring(void)
{
    start_ring();
    go(ticks);
    go_mutex_lock(&a);
}

Test(monitor, main_stuck_ends_the_run_although_others_live)
{
    ran_run(&ran, RAN_RUN(main_in_ring));
    cr_assert_eq(ran.status, RT_EXIT_STUCK);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_DEADLOCK);
    cr_assert_has(&ran, "fatal error: goroutine 1 can never run again");
    cr_assert_has(&ran, "bystander: goroutine 1 waits to lock mutex");
}

/* TSan holds back the signal that stops a worker until its next call that it
   intercepts: what computes does not stop there, and nothing is judged. */
#ifndef __SANITIZE_THREAD__
static void computes(void)
{
    for (volatile unsigned long i = 0;; i++)
        ;
}

static void main_stuck_others_compute(void)
{
    go(computes);
    go_mutex_lock(&a);
    go_mutex_lock(&a);
}

Test(monitor, main_stuck_is_seen_while_another_computes)
{
    struct go_run run = RAN_RUN(main_stuck_others_compute);

    run.procs = 2;
    run.clock_virtual = false;
    ran_run(&ran, run);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_DEADLOCK);
    cr_assert_has(&ran, "[running]:\ncomputes(...)\n");
}
#endif

/* ---- no looks for a while ---------------------------------------------------- */

static uint64_t looks(void)
{
    return __atomic_load_n(&mon_cost()->looks, __ATOMIC_RELAXED);
}

/* Some periods of looks. */
static void let_periods_pass(void)
{
    go_instant begun = go_now();

    while (go_since(begun) < 500 * GO_MILLISECOND)
        go_yield();
}

static void hold_and_let_go(void)
{
    chan(int) c = chan_make(int, 0);
    uint64_t held;

    go(receive, c);
    mon_hold(true);
    let_periods_pass(); /* one may just have begun */
    held = looks();
    let_periods_pass();
    CHECK_EQ(looks(), held);
    mon_hold(false);
    while (looks() == held)
        go_yield();
    chan_send(c, 1);
}

Test(monitor, no_look_is_begun_while_they_are_held)
{
    struct go_run run = RAN_RUN(hold_and_let_go);

    run.clock_virtual = false;
    ran_run(&ran, run);
    cr_assert_str_eq(ran.outcome.panic, "");
    cr_assert_eq(ran.status, 0);
}

static void ticker_for_nobody(void)
{
    chan(int) c = chan_make(int, 0);

    go_ticker_new(GO_MILLISECOND);
    chan_recv(c);
}

Test(monitor, ticker_that_nobody_hears_hides_no_deadlock)
{
    struct go_run run = RAN_RUN(ticker_for_nobody);

    run.clock_virtual = false;
    ran_run(&ran, run);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_DEADLOCK);
    cr_assert_has(&ran, "fatal error: all goroutines are asleep");
    cr_assert_has(&ran, "timers: 1 armed, that nobody waits for.");
}

static void timer_wakes_main(void)
{
    struct go_timer *t = go_timer_new(GO_HOUR);

    chan_recv(t->c);
}

static void deaf_to_its_context(void)
{
    chan(int) never = chan_make(int, 0);

    go_context_with_timeout(go_context_background(), GO_HOUR);
    chan_recv(never);
}

Test(monitor, deadline_that_nobody_hears_hides_no_deadlock)
{
    struct go_run run = RAN_RUN(deaf_to_its_context);

    run.clock_virtual = false;
    ran_run(&ran, run);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_DEADLOCK);
}

static chan(int) known_to_all;
static void deaf_above_a_child(void)
{
    struct go_context *above =
        go_context_with_timeout(go_context_background(), GO_HOUR);

    go_context_with_cancel(above);
    known_to_all = chan_make(int, 0);
    chan_recv(known_to_all);
}

Test(monitor, deadline_with_children_is_life_for_no_others)
{
    struct go_run run = RAN_RUN(deaf_above_a_child);

    run.clock_virtual = false;
    ran_run(&ran, run);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_DEADLOCK);
}

static void hears_a_child(void)
{
    struct go_context *above = go_context_with_timeout(go_context_background(),
                                                       20 * GO_MILLISECOND),
                      *below = go_context_with_cancel(above);

    chan_recv(go_context_done(below));
}

Test(monitor, deadline_that_a_child_s_waiter_hears_is_life)
{
    struct go_run run = RAN_RUN(hears_a_child);

    run.clock_virtual = false;
    ran_run(&ran, run);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_CLEAN);
}

Test(monitor, timer_that_wakes_somebody_is_waited_for)
{
    ran_run(&ran, RAN_RUN(timer_wakes_main));
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_CLEAN);
    cr_assert_eq(ran.outcome.clock, GO_HOUR);
}

static void call_back(chan(int) c)
{
    chan_send(c, 1);
}

static void after_func_wakes_main(void)
{
    chan(int) c = chan_make(int, 0);

    go_after_func(GO_HOUR, call_back, c);
    chan_recv(c);
}

Test(monitor, function_of_a_timer_is_life)
{
    ran_run(&ran, RAN_RUN(after_func_wakes_main));
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_CLEAN);
}

static void exits_others_stuck(void)
{
    chan(int) c = chan_make(int, 0);

    go(receive, c);
    go_exit();
}

Test(monitor, all_asleep_after_main_called_go_exit)
{
    ran_run(&ran, RAN_RUN(exits_others_stuck));
    cr_assert_eq(ran.status, RT_EXIT_STUCK);
    cr_assert_has(&ran, "fatal error: all goroutines are asleep - deadlock!");
}

/* run_test.c - what go_main and go_run return, and say, of every kind of end. */
#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>

#include "runtime/base/throw.h"
#include "tests/ran.h"

static struct ran ran;

static void nothing(void)
{
}

static int seven(void)
{
    return 7;
}

static void stuck(void)
{
    chan(int) c = chan_make(int, 0);

    chan_recv(c);
}

Test(run, clean_end_is_status_0_and_no_word)
{
    ran_run(&ran, RAN_RUN(nothing));
    cr_assert_eq(ran.status, 0);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_CLEAN);
    cr_assert_str_eq(ran.text, "");
}

static int main_seven(void)
{
    return go_main(seven);
}

Test(run, result_of_main_is_the_status)
{
    ran_program(&ran, main_seven);
    cr_assert_exit(&ran, 7);
}

static int main_stuck(void)
{
    return go_main(stuck);
}

Test(run, all_asleep_is_the_line_of_go_and_exit_2)
{
    static const char first[] =
        "fatal error: all goroutines are asleep - deadlock!\n\n";

    ran_program(&ran, main_stuck);
    cr_assert_exit(&ran, RT_EXIT_STUCK);
    cr_assert_eq(strncmp(ran.text, first, sizeof(first) - 1), 0, "%s",
                 ran.text);
    cr_assert_has(&ran, "goroutine 1 [chan receive]:\nstuck(...)\n\t");
    cr_assert_has(&ran, "run_test.c:");
}

static void leaver(void)
{
    go_exit();
}

Test(run, no_goroutines_left_after_go_exit)
{
    ran_run(&ran, RAN_RUN(leaver));
    cr_assert_eq(ran.status, RT_EXIT_STUCK);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_DEADLOCK);
    cr_assert_has(&ran, "fatal error: no goroutines (main called go_exit) - "
                        "deadlock!\n");
}

static __attribute__((noinline)) void panics(void)
{
    go_panic("boom %d", 7);
}

static void panic_in_child(void)
{
    go(panics);
    go_sleep(GO_SECOND);
}

Test(run, panic_shows_message_and_trace_of_its_goroutine)
{
    static const char first[] =
        "panic: boom 7\n\ngoroutine 2 [running]:\npanics(...)\n";

    ran_run(&ran, RAN_RUN(panic_in_child));
    cr_assert_eq(ran.status, RT_EXIT_STUCK);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_PANIC);
    cr_assert_str_eq(ran.outcome.panic, "boom 7");
    cr_assert_eq(strncmp(ran.text, first, sizeof(first) - 1), 0, "%s",
                 ran.text);
    cr_assert_has(&ran, "created by panic_in_child in goroutine 1\n");
}

static void leaves_sender(void)
{
    chan(int) none = NULL;

    go(stuck);
    chan_try_send(none, 1);
}

Test(run, leak_is_counted_after_the_scenario_has_settled)
{
    ran_run(&ran, RAN_RUN(leaves_sender));
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_LEAK);
    cr_assert_eq(ran.outcome.leaked, 1);
    cr_assert_eq(ran.outcome.left, 0);
    cr_assert_eq(ran.status, 0);
    cr_assert_has(&ran, "LEAK, proven: ");
}

static void heed_a_ticker(bool as_daemon)
{
    struct go_ticker *t = go_ticker_new(100 * GO_MILLISECOND);

    if (as_daemon)
        go_expect_daemon();
    chan_range(now, t->c) {
        (void)now;
    }
}

static void leaves_a_daemon(void)
{
    go(heed_a_ticker, true);
    go_yield();
}

static void leaves_two(void)
{
    go(heed_a_ticker, false);
    leaves_a_daemon();
}

Test(run, time_goes_on_after_main_for_others_than_daemons)
{
    ran_run(&ran, RAN_RUN(leaves_a_daemon));
    cr_assert_eq(ran.outcome.clock, 0);
    ran_run(&ran, RAN_RUN(leaves_two));
    cr_assert_eq(ran.outcome.clock, GO_SECOND);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CROWD 400 /* and slow ones */
#else
#define CROWD 100000
#endif

static int sending;

static void sends_to_nobody(chan(int) c)
{
    sending++;
    chan_send(c, 1);
}

/* Returns when all wait: on a busy machine they would be judged before that. */
static void leaves_a_crowd(void)
{
    for (int i = 0; i < CROWD; i++)
        go(sends_to_nobody, chan_make(int, 0));
    while (sending < CROWD)
        go_yield();
}

Test(run, hundred_thousand_alike_are_one_finding_and_one_block)
{
    char more[40], all[40];

    ran_run(&ran, RAN_RUN(leaves_a_crowd));
    cr_assert_eq(ran.outcome.leaked, CROWD, "%s", ran.text);
    snprintf(all, sizeof(all), "LEAK, proven: %d goroutines wait", CROWD);
    cr_assert_has(&ran, all);
    snprintf(more, sizeof(more), "and %d more like it\n", CROWD - 2);
    cr_assert_has(&ran, more);
    snprintf(more, sizeof(more), "goroutines 3-%d\n", CROWD + 1);
    cr_assert_has(&ran, more);
    cr_assert_lt(strlen(ran.text), 2000);
}

static void leaves_a_crowd_and_timers(void)
{
    for (int i = 0; i < CROWD; i++)
        go_after(GO_HOUR);
    leaves_a_crowd();
}

/* Each timer is asked for by itself, and not all goroutines for each. */
Test(run, hundred_thousand_timers_that_help_nobody_keep_nobody)
{
    ran_run(&ran, RAN_RUN(leaves_a_crowd_and_timers));
    cr_assert_eq(ran.outcome.leaked, CROWD, "%s", ran.text);
}

static void sleeps_long(void)
{
    go_sleep(GO_HOUR);
}

static void leaves_sleeper(void)
{
    go(sleeps_long);
}

Test(run, sleeper_beyond_settling_is_left_not_leaked)
{
    ran_run(&ran, RAN_RUN(leaves_sleeper));
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_LEFT);
    cr_assert_eq(ran.outcome.leaked, 0);
    cr_assert_eq(ran.outcome.left, 1);
    cr_assert_has(&ran, "sleeps  at run_test.c:");
}

static void leaves_daemon(void)
{
    go_expect_daemon();
    go_sleep(GO_HOUR);
}

static void starts_daemon(void)
{
    go(leaves_daemon);
    go_sleep(GO_MILLISECOND);
}

Test(run, daemon_is_neither)
{
    ran_run(&ran, RAN_RUN(starts_daemon));
    cr_assert_eq(ran.outcome.left, 0);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_CLEAN);
}

static void waits_as_daemon(chan(int) c)
{
    go_expect_daemon();
    chan_recv(c);
}

static void starts_stuck_daemon(void)
{
    go(waits_as_daemon, chan_make(int, 0));
}

Test(run, daemon_that_is_stuck_is_no_leak)
{
    ran_run(&ran, RAN_RUN(starts_stuck_daemon));
    cr_assert_eq(ran.outcome.leaked, 0);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_CLEAN);
}

static int main_leak(void)
{
    setenv("VIGIL", "leaks=error,procs=1", 1);
    return go_main(leaves_sleeper);
}

Test(run, leaks_error_is_exit_3)
{
    ran_program(&ran, main_leak);
    cr_assert_exit(&ran, 3);
    cr_assert_has(&ran, "LEFT: 1 goroutine");
}

static int main_quiet(void)
{
    return go_main(leaves_sleeper);
}

Test(run, plain_program_says_nothing_of_what_is_left)
{
    ran_program(&ran, main_quiet);
    cr_assert_exit(&ran, 0);
    cr_assert_str_eq(ran.text, "");
}

static bool began;

static void begins(void)
{
    began = true;
}

static int main_wrong(void)
{
    setenv("VIGIL", "procs=4,colour=red", 1);
    return began ? 1 : go_main(begins) == 64 && !began ? 64 : 1;
}

Test(run, wrong_setting_is_exit_64_before_anything_runs)
{
    ran_program(&ran, main_wrong);
    cr_assert_exit(&ran, 64);
    cr_assert_has(&ran, "VIGIL: unknown setting \"colour\"");
}

Test(run, seed_given_is_the_seed_told)
{
    struct go_run run = RAN_RUN(stuck);

    run.seed = 4711;
    ran_run(&ran, run);
    cr_assert_has(&ran, "seed 4711\n");
}

Test(run, json_and_dot_come_when_asked_for)
{
    struct go_run run = RAN_RUN(stuck);
    int json = memfd_create("json", 0), dot = memfd_create("dot", 0);

    run.json_fd = json;
    run.dot_fd = dot;
    ran_run(&ran, run);
    ran_read(&ran, json);
    cr_assert_has(&ran, "\"schema\":\"vigil-report/1\"");
    cr_assert_has(&ran, "\"verdict\":\"deadlock\"");
    ran_read(&ran, dot);
    cr_assert_has(&ran, "digraph");
}

/* Calls of threads that the end of the run finds: they are cut off there. */
static chan(int) posts;

static void *post_for_ever(void *unused)
{
    for (;;)
        chan_try_send(posts, 1);
    return unused;
}

static void in_a_blocking_call(void)
{
    go_blocking(post_for_ever, NULL);
}

static int thread_posts(void)
{
    pthread_t thread;

    posts = chan_make(int, 1);
    if (pthread_create(&thread, NULL, post_for_ever, NULL))
        return 1;
    go(in_a_blocking_call);
    go_sleep(5 * GO_MILLISECOND);
    return 7;
}

static int main_thread_posts(void)
{
    struct timespec ms = {0, 5000000};
    int status = go_main(thread_posts);

    nanosleep(&ms, NULL); /* for what they might still do */
    return status;
}

Test(run, threads_that_go_on_after_the_end_are_held)
{
    for (int i = 0; i < 5; i++) {
        ran_program(&ran, main_thread_posts);
        cr_assert_exit(&ran, 7);
    }
}

/* Threads are to have stacks that no machine has room for. */
static int main_without_threads(void)
{
    pthread_attr_t attr;

    pthread_attr_init(&attr);
    if (pthread_attr_setstacksize(&attr, (size_t)1 << 50) ||
        pthread_setattr_default_np(&attr))
        return 1;
    return go_main(seven);
}

Test(run, program_that_gets_no_thread_ends)
{
    ran_program(&ran, main_without_threads);
    cr_assert_exit(&ran, RT_EXIT_INTERNAL);
    cr_assert_has(&ran, "no thread can be started");
}

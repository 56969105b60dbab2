/* dump_test.c - signals that ask for a report, and our own failure. */
#include <signal.h>
#include <stdio.h>

#include "runtime/base/throw.h"
#include "tests/ran.h"

static struct ran ran;

static void sleeps(void)
{
    for (;;)
        go_sleep(GO_MILLISECOND);
}

static void asks_for_quit(void)
{
    go(sleeps);
    kill(getpid(), SIGQUIT);
    go_sleep(GO_MINUTE);
}

static struct go_mutex mu;

static void waits_for_owner(void)
{
    go_mutex_lock(&mu);
}

/* Virtual time: two seconds in no time; then nobody may end before the report. */
static void keeps_it_long(void)
{
    go_mutex_lock(&mu);
    go(waits_for_owner);
    go(sleeps);
    go_sleep(2 * GO_SECOND);
    kill(getpid(), SIGQUIT);
    for (;;)
        go_yield();
}

static int main_slow(void)
{
    struct go_run run = RAN_RUN(keeps_it_long);

    run.text_fd = run.json_fd = STDERR_FILENO;
    return go_run(&run);
}

Test(dump, who_waits_long_for_somebody_alive_is_slow)
{
    ran_program(&ran, main_slow);
    cr_assert_exit(&ran, RT_EXIT_STUCK);
    cr_assert_has(&ran, "SLOW: 1 goroutine waits long, and may still be");
    cr_assert_has(&ran, "goroutine 2 waits to lock mutex &mu");
    cr_assert_has(&ran, "held by goroutine 1 (");
    cr_assert_has(&ran, "\nNobody is proven stuck.\n");
    cr_assert_has(&ran, "\"verdict\":\"slow\",\"shape\":\"left\","
                        "\"proven\":false");
}

static int main_quit(void)
{
    return go_main(asks_for_quit);
}

Test(dump, sigquit_reports_everybody_and_exits_2)
{
    ran_program(&ran, main_quit);
    cr_assert_exit(&ran, RT_EXIT_STUCK);
    cr_assert_eq(strncmp(ran.text, "SIGQUIT: quit\n\n", 15), 0, "%s", ran.text);
    cr_assert_has(&ran, "goroutine 1 [sleep]:\nasks_for_quit(...)\n");
    cr_assert_has(&ran, "\nsleeps(...)\n");
}

static void prints_and_asks(void)
{
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    printf("printed before\n");
    kill(getpid(), SIGQUIT);
    go_sleep(GO_MINUTE);
}

static int main_prints(void)
{
    dup2(STDERR_FILENO, STDOUT_FILENO);
    return go_main(prints_and_asks);
}

Test(dump, what_was_printed_comes_before_the_report)
{
    ran_program(&ran, main_prints);
    cr_assert_exit(&ran, RT_EXIT_STUCK);
    cr_assert_eq(strncmp(ran.text, "printed before\nSIGQUIT", 22), 0, "%s",
                 ran.text);
}

/* TSan holds back signals until the next call that it intercepts: there a
   goroutine that computes cannot be stopped, and reports say so. */
#ifndef __SANITIZE_THREAD__
static bool computing; /* [atomic] */
static volatile bool go_on;

static void computes(void)
{
    __atomic_store_n(&computing, true, __ATOMIC_RELEASE);
    while (!go_on)
        ;
}

static void asks_while_computing(void)
{
    go(computes);
    while (!__atomic_load_n(&computing, __ATOMIC_ACQUIRE))
        go_yield();
    kill(getpid(), SIGQUIT);
    go_sleep(GO_MINUTE);
}

static int main_computing(void)
{
    setenv("VIGIL", "procs=2", 1);
    return go_main(asks_while_computing);
}

Test(dump, running_goroutine_is_shown_where_it_runs)
{
    ran_program(&ran, main_computing);
    cr_assert_exit(&ran, RT_EXIT_STUCK);
    cr_assert_has(&ran, "goroutine 2 [running]:\ncomputes(...)\n");
}

static void computes_and_asks(void)
{
    kill(getpid(), SIGQUIT);
    computes();
    __asm__ volatile("" ::: "memory");
}

static int main_only_computing(void)
{
    setenv("VIGIL", "procs=1", 1);
    return go_main(computes_and_asks);
}

Test(dump, program_that_never_parks_is_reported_too)
{
    ran_program(&ran, main_only_computing);
    cr_assert_exit(&ran, RT_EXIT_STUCK);
    cr_assert_has(&ran, "goroutine 1 [running]:\ncomputes(...)\n");
    cr_assert_has(&ran, "\ncomputes_and_asks(...)\n");
}

#endif

static int reported; /* the report's descriptor */

/* Goes on until the report is there. */
static void asks_and_goes_on(void)
{
    kill(getpid(), SIGUSR1);
    while (lseek(reported, 0, SEEK_END) <= 0)
        go_sleep(GO_MILLISECOND);
}

static int main_usr1(void)
{
    reported = STDERR_FILENO;
    return go_main(asks_and_goes_on);
}

Test(dump, sigusr1_reports_and_goes_on)
{
    ran_program(&ran, main_usr1);
    cr_assert_exit(&ran, 0);
    cr_assert_has(&ran, "SIGUSR1: report\n");
    cr_assert_has(&ran, "goroutine 1 [sleep");
}

static volatile sig_atomic_t own;

static void own_handler(int sig)
{
    own = sig;
}

static void raises_own(void)
{
    kill(getpid(), SIGUSR1);
}

Test(dump, handler_of_the_program_stays_its_own)
{
    signal(SIGUSR1, own_handler);
    ran_run(&ran, RAN_RUN(raises_own));
    cr_assert_eq(own, SIGUSR1);
    cr_assert_str_eq(ran.text, "");
}

Test(dump, handlers_are_gone_after_the_run)
{
    struct sigaction sa;

    ran_run(&ran, RAN_RUN(raises_own));
    sigaction(SIGUSR1, NULL, &sa);
    cr_assert_eq((void *)sa.sa_handler, (void *)SIG_DFL);
    sigaction(SIGQUIT, NULL, &sa);
    cr_assert_eq((void *)sa.sa_handler, (void *)SIG_DFL);
}

static void receives(chan(int) c)
{
    chan_recv(c);
}

static void fails(void)
{
    chan(int) c = chan_make(int, 0);

    go(receives, c);
    go_sleep(GO_MILLISECOND);
    rt_throw("a check of ours: %d", 5);
}

static int main_fails(void)
{
    return go_main(fails);
}

Test(dump, own_failure_lists_goroutines_and_exits_70)
{
    ran_program(&ran, main_fails);
    cr_assert_exit(&ran, RT_EXIT_INTERNAL);
    cr_assert_has(&ran, "fatal error: vigil: a check of ours: 5\n");
    cr_assert_has(&ran, "goroutine 2 [chan receive]:\nreceives(...)\n");
    cr_assert_has(&ran, "goroutine 1 [running]:\n");
}

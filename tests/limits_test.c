/* limits_test.c - what limits a claim is named, whatever it is. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/ran.h"

static struct ran ran;
static int ends[2];

static void reads_unannounced(void)
{
    char byte;

    if (read(ends[0], &byte, 1) < 0)
        abort();
}

static void reads_in_blocking(void)
{
    go_blocking(reads_unannounced);
}

static void waits_for_fd(void)
{
    char byte;

    go_read(ends[0], &byte, 1);
}

static void (*who)(void);
static int how_many;

static void asks(void)
{
    for (int i = 0; i < how_many; i++)
        go(who);
    go_sleep(20 * GO_MILLISECOND);
    kill(getpid(), SIGQUIT);
    go_sleep(GO_MINUTE);
}

static int main_asks(void)
{
    setenv("VIGIL", "procs=2", 1);
    return pipe(ends) ? 99 : go_main(asks);
}

static void dumped(void (*fn)(void), int n)
{
    who = fn;
    how_many = n;
    ran_program(&ran, main_asks);
    cr_assert_exit(&ran, 2);
    cr_assert_has_not(&ran, "complete");
}

Test(limits, worker_asleep_in_a_call_that_was_not_announced, .timeout = 30)
{
    dumped(reads_unannounced, 1);
    cr_assert_has(&ran, "asleep in read, goroutine 2");
}

Test(limits, blocking_call_with_goroutine_and_line, .timeout = 30)
{
    dumped(reads_in_blocking, 1);
    cr_assert_has(&ran, "goroutine 2 in a blocking call at limits_test.c:");
    cr_assert_has(&ran, "goroutine 2 [syscall]:\nreads_in_blocking(...)\n");
}

Test(limits, descriptor_that_is_waited_for, .timeout = 30)
{
    dumped(waits_for_fd, 1);
    cr_assert_has(&ran, "goroutine 2 waits for fd ");
    cr_assert_has(&ran, "goroutine 2 [IO wait]:\nwaits_for_fd(...)\n");
}

Test(limits, beyond_a_few_they_are_counted, .timeout = 30)
{
    dumped(waits_for_fd, 20);
    cr_assert_has(&ran, "goroutine 9 waits for fd ");
    cr_assert_has(&ran, "12 more goroutines in external waits");
}

static void *pauses(void *arg)
{
    for (;;)
        pause();
    return arg;
}

static void returns(void)
{
}

static int main_with_thread(void)
{
    pthread_t t;

    return pthread_create(&t, NULL, pauses, NULL) ? 99 : main_asks();
}

Test(limits, thread_of_the_program, .timeout = 30)
{
    who = returns;
    how_many = 0;
    ran_program(&ran, main_with_thread);
    cr_assert_exit(&ran, 2);
    cr_assert_has(&ran, "1 thread of the program's own");
}

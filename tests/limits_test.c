/* limits_test.c - what limits a claim is named, whatever it is. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/sched/netpoll.h"
#include "tests/ran.h"

static struct ran ran;
static int ends[2];
static int
    reader; /* [atomic] the thread that blocks in a read, or is about to */

static void reads_unannounced(void)
{
    char byte;

    __atomic_store_n(&reader, gettid(), __ATOMIC_RELEASE);
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

/* By a call whose place is an address, as what stands for others' calls has. */
static void waits_by_address(void)
{
    char byte;

    (go_read)(ends[0], &byte, 1);
}

static void (*who)(void);
static uint32_t how_many;

static bool sleeps(int thread)
{
    char path[64], state[256] = "";
    const char *name_ends;
    int fd;

    snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread);
    fd = open(path, O_RDONLY);
    if (fd < 0 || read(fd, state, sizeof(state) - 1) <= 0)
        abort();
    close(fd);
    name_ends = strrchr(state, ')');
    return name_ends && name_ends[2] == 'S';
}

/* All who were begun have come to where they wait. */
static bool they_wait(void)
{
    int thread = __atomic_load_n(&reader, __ATOMIC_ACQUIRE);

    if (who == waits_for_fd || who == waits_by_address)
        return rt_netpoll_waiters() == how_many;
    return how_many == 0 || (thread && sleeps(thread));
}

static void asks(void)
{
    for (uint32_t i = 0; i < how_many; i++)
        go(who);
    while (!they_wait())
        go_yield();
    kill(getpid(), SIGQUIT);
    go_sleep(GO_MINUTE);
}

static int main_asks(void)
{
    setenv("VIGIL", "procs=2", 1);
    return pipe(ends) ? 99 : go_main(asks);
}

static void dumped(void (*fn)(void), uint32_t n)
{
    who = fn;
    how_many = n;
    ran_program(&ran, main_asks);
    cr_assert_exit(&ran, 2);
    cr_assert_has_not(&ran, "complete");
}

Test(limits, worker_asleep_in_a_call_that_was_not_announced)
{
    dumped(reads_unannounced, 1);
    cr_assert_has(&ran, "asleep in read, goroutine 2");
}

Test(limits, blocking_call_with_goroutine_and_line)
{
    dumped(reads_in_blocking, 1);
    cr_assert_has(&ran, "goroutine 2 in a blocking call at limits_test.c:");
    cr_assert_has(&ran, "goroutine 2 [syscall]:\nreads_in_blocking(...)\n");
}

Test(limits, descriptor_that_is_waited_for)
{
    dumped(waits_for_fd, 1);
    cr_assert_has(&ran, "goroutine 2 waits for fd ");
    cr_assert_has(&ran, "goroutine 2 [IO wait]:\nwaits_for_fd(...)\n");
}

Test(limits, of_a_place_that_is_not_known_nothing_is_told)
{
    dumped(waits_by_address, 1);
    cr_assert_has(&ran, "goroutine 2 waits for fd ");
    cr_assert_has_not(&ran, "?:0");
}

Test(limits, beyond_a_few_they_are_counted)
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

Test(limits, thread_of_the_program)
{
    who = returns;
    how_many = 0;
    ran_program(&ran, main_with_thread);
    cr_assert_exit(&ran, 2);
    cr_assert_has(&ran, "1 thread of the program's own");
}

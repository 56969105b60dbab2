/* kernel_test.c - what the kernel keeps for the program is found. */
#define _GNU_SOURCE
#include "runtime/monitor/kernel.h"

#include <criterion/criterion.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct rt_arena arena;
static struct mon_kernel kernel;

/* How many of the words low, low + 1, ... are kept. */
static int kept(uintptr_t low, size_t n)
{
    int found = 0;

    cr_assert_eq(mon_kernel_words(&kernel, &arena), 0);
    for (size_t i = 0; i < kernel.n; i++)
        found += kernel.words[i] - low < n;
    rt_arena_free(&arena);
    return found;
}

enum {
    MANY = 300 /* more than one read of /proc has room for */
};

Test(kernel, keeps_what_epoll_was_given_until_it_is_taken_out)
{
    int epoll = epoll_create1(0), fd[2];
    struct epoll_event event = {.events = EPOLLIN};

    for (uintptr_t i = 0; i < MANY; i++) {
        cr_assert_eq(pipe(fd), 0);
        event.data.u64 = 0xfeed00001000 + i;
        cr_assert_eq(epoll_ctl(epoll, EPOLL_CTL_ADD, fd[0], &event), 0);
    }
    cr_assert_eq(kept(0xfeed00001000, MANY), MANY);
    cr_assert_eq(epoll_ctl(epoll, EPOLL_CTL_DEL, fd[0], NULL), 0);
    cr_assert_eq(kept(0xfeed00001000, MANY), MANY - 1);
    close(epoll);
    cr_assert_eq(kept(0xfeed00001000, MANY), 0);
    cr_assert_null(kernel.unseen);
}

Test(kernel, keeps_the_value_of_a_timer_s_signal)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1,
                             .sigev_value.sival_ptr = (void *)0xfeed0000cafe};
    timer_t timer;

    cr_assert_eq(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    if (access("/proc/self/timers", R_OK) == 0)
        cr_assert_eq(kept(0xfeed0000cafe, 1), 1);
    timer_delete(timer);
    cr_assert_eq(kept(0xfeed0000cafe, 1), 0);
}

Test(kernel, says_that_requests_of_io_uring_are_not_seen)
{
    struct io_uring_params params = {.flags = 0};
    long fd = syscall(SYS_io_uring_setup, 4, &params);

    kept(0, 1);
    cr_assert_eq(kernel.unseen != NULL, fd >= 0); /* it may be forbidden */
}

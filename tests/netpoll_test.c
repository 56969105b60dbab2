/*
 * netpoll_test.c - who waits for a descriptor is woken once, by the right one.
 * Real time, since descriptors are outside; nothing is asserted about it.
 */
#include "tests/inside.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/sched/netpoll.h"

/* Until n goroutines are parked on descriptors. */
static void until_waiters(uint32_t n)
{
    while (rt_netpoll_waiters() != n)
        go_yield();
}

static void make_pipe(int fd[2])
{
    CHECK(pipe2(fd, O_NONBLOCK | O_CLOEXEC) == 0);
}

static void put(int fd)
{
    CHECK(write(fd, "x", 1) == 1);
}

static void waits(int fd, int events, chan(int) result)
{
    chan_send(result, go_wait_fd(fd, events, -1));
}

static void ready_before(void)
{
    int fd[2];

    make_pipe(fd);
    put(fd[1]);
    for (int i = 0; i < 100; i++) /* each time anew, though nothing changed */
        CHECK_EQ(rt_netpoll_park(fd[0], POLLIN, -1, NULL), 0);
    CHECK_EQ(rt_netpoll_park(fd[1], POLLOUT, -1, NULL), 0);
    CHECK_EQ(rt_netpoll_waiters(), 0);
}

Test(netpoll, ready_before_the_park_is_not_lost)
{
    INSIDE_REAL(ready_before, 1);
    INSIDE_REAL(ready_before, 2);
}

static void all_waiters(void)
{
    chan(int) result = chan_make(int, 0);
    int fd[2];

    make_pipe(fd);
    for (int i = 0; i < 10; i++)
        go(waits, fd[0], POLLIN, result);
    until_waiters(10);
    put(fd[1]);
    for (int i = 0; i < 10; i++)
        CHECK_EQ(chan_recv(result), 0);
    CHECK_EQ(rt_netpoll_waiters(), 0);
}

Test(netpoll, one_event_wakes_all_who_wait_for_it)
{
    INSIDE_REAL(all_waiters, 1);
    INSIDE_REAL(all_waiters, 3);
}

static void both_directions(void)
{
    chan(int) in = chan_make(int, 0), out = chan_make(int, 0);
    static char fill[65536];
    int fd[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
    while (write(fd[0], fill, sizeof(fill)) > 0)
        ;
    go(waits, fd[0], POLLIN, in);
    go(waits, fd[0], POLLOUT, out);
    until_waiters(2);
    put(fd[1]); /* readable, and still full */
    CHECK_EQ(chan_recv(in), 0);
    CHECK_EQ(rt_netpoll_waiters(), 1);
    while (read(fd[1], fill, sizeof(fill)) > 0)
        ;
    CHECK_EQ(chan_recv(out), 0);
}

Test(netpoll, reader_and_writer_of_one_descriptor_are_told_apart)
{
    INSIDE_REAL(both_directions, 1);
    INSIDE_REAL(both_directions, 2);
}

static void deadlines(void)
{
    go_instant t = go_now();
    int fd[2];

    make_pipe(fd);
    CHECK_EQ(go_wait_fd(fd[0], POLLIN, go_add(t, 2 * GO_MILLISECOND)),
             -ETIMEDOUT);
    CHECK(go_since(t) >= 2 * GO_MILLISECOND);
    CHECK_EQ(go_wait_fd(fd[0], POLLIN, t), -ETIMEDOUT);
    CHECK_EQ(go_wait_fd(fd[0], POLLIN, 0), -ETIMEDOUT);
    put(fd[1]);
    CHECK_EQ(go_wait_fd(fd[0], POLLIN, t), 0); /* ready beats late */
    CHECK_EQ(rt_netpoll_waiters(), 0);
}

Test(netpoll, a_deadline_ends_the_wait)
{
    INSIDE_REAL(deadlines, 1);
    INSIDE_REAL(deadlines, 2);
}

static void closes(void)
{
    chan(int) result = chan_make(int, 0);
    int fd[2];

    make_pipe(fd);
    for (int i = 0; i < 5; i++)
        go(waits, fd[0], POLLIN, result);
    until_waiters(5);
    CHECK_EQ(go_close(fd[0]), 0);
    for (int i = 0; i < 5; i++)
        CHECK_EQ(chan_recv(result), -EBADF);
    CHECK_EQ(go_wait_fd(fd[0], POLLIN, -1), -EBADF);
    CHECK_EQ(go_close(fd[0]), -EBADF);
    CHECK_EQ(go_close(-1), -EBADF);
}

Test(netpoll, close_wakes_the_waiters)
{
    INSIDE_REAL(closes, 1);
    INSIDE_REAL(closes, 2);
}

/* The program closes by itself, and the number is given out again: in one, for
   else a thread of the test runner's could be given it. */
static void reused(void)
{
    chan(int) old = chan_make(int, 0), fresh = chan_make(int, 0);
    int fd[2], again[2];

    make_pipe(fd);
    go(waits, fd[0], POLLIN, old);
    until_waiters(1);
    make_pipe(again);
    CHECK_EQ(dup2(again[0], fd[0]), fd[0]);
    go(waits, fd[0], POLLIN, fresh);
    CHECK_EQ(chan_recv(old), -EBADF); /* its descriptor is no more */
    until_waiters(1);
    put(again[1]);
    CHECK_EQ(chan_recv(fresh), 0);
}

Test(netpoll, a_number_that_is_used_again_is_another_descriptor)
{
    INSIDE_REAL(reused, 1);
    INSIDE_REAL(reused, 2);
}

/* The old one lives on as a duplicate, and becomes ready: nobody is meant. */
static void stale_event(void)
{
    chan(int) old = chan_make(int, 0), fresh = chan_make(int, 0);
    int fd[2], again[2], kept, v;

    make_pipe(fd);
    kept = dup(fd[0]);
    go(waits, fd[0], POLLIN, old);
    until_waiters(1);
    make_pipe(again);
    CHECK_EQ(dup2(again[0], fd[0]), fd[0]);
    go(waits, fd[0], POLLIN, fresh);
    CHECK_EQ(chan_recv(old), -EBADF);
    until_waiters(1);
    put(fd[1]); /* the old pipe, still in the kernel's set by kept */
    for (int i = 0; i < 3; i++)
        go_sleep(GO_MILLISECOND);
    CHECK_EQ(chan_try_recv(fresh, &v), 0);
    put(again[1]);
    CHECK_EQ(chan_recv(fresh), 0);
    close(kept);
}

Test(netpoll, an_event_of_the_descriptor_before_is_dropped)
{
    INSIDE_REAL(stale_event, 1);
    INSIDE_REAL(stale_event, 2);
}

static void wrong_ones(void)
{
    char path[] = "/tmp/netpoll_test.XXXXXX";
    int fd = mkstemp(path);

    CHECK(fd >= 0);
    unlink(path);
    CHECK_EQ(rt_netpoll_park(fd, POLLIN, -1, NULL), -EPERM);
    CHECK_EQ(go_wait_fd(fd, POLLIN, -1), 0);
    CHECK_EQ(rt_netpoll_park(-1, POLLIN, -1, NULL), -EBADF);
    CHECK_EQ(rt_netpoll_park(1 << 23, POLLIN, -1, NULL), -EBADF);
    CHECK_EQ(rt_netpoll_park(INT32_MAX, POLLIN, -1, NULL), -EMFILE);
    CHECK_EQ(go_wait_fd(fd, 0, -1), -EINVAL);
    CHECK_EQ(go_wait_fd(fd, POLLPRI, -1), -EINVAL);
    close(fd);
    CHECK_EQ(rt_netpoll_park(fd, POLLIN, 0, NULL), -EBADF);
}

Test(netpoll, what_cannot_be_polled_is_told)
{
    INSIDE_REAL(wrong_ones, 1);
}

static void hang_up(void)
{
    chan(int) result = chan_make(int, 0);
    int fd[2];

    make_pipe(fd);
    go(waits, fd[0], POLLIN, result);
    until_waiters(1);
    close(fd[1]); /* a hang-up, no input */
    CHECK_EQ(chan_recv(result), 0);
}

Test(netpoll, a_hang_up_counts_as_ready)
{
    INSIDE_REAL(hang_up, 1);
}

/* What a child does with its copies is not the parent's. */
static void forks(void)
{
    chan(int) result = chan_make(int, 0);
    int fd[2], status = -1;
    pid_t pid;

    make_pipe(fd);
    go(waits, fd[0], POLLIN, result);
    until_waiters(1);
    pid = fork();
    if (pid == 0) {
        rt_netpoll_wake();
        close(fd[0]);
        close(fd[1]);
        _exit(7);
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(WEXITSTATUS(status), 7);
    CHECK_EQ(rt_netpoll_waiters(), 1);
    put(fd[1]);
    CHECK_EQ(chan_recv(result), 0);
}

Test(netpoll, a_forked_child_changes_nothing)
{
    INSIDE_REAL(forks, 1);
    INSIDE_REAL(forks, 2);
}

enum {
    PIPES = 1500,
    ROUNDS = 20
};
static int ends[PIPES][2];

static void ping(int i, chan(bool) done)
{
    char c;

    for (int k = 0; k < ROUNDS; k++) {
        CHECK_EQ(go_read(ends[i][0], &c, 1), 1);
        CHECK_EQ(go_write(ends[(i + 1) % PIPES][1], &c, 1), 1);
    }
    chan_send(done, true);
}

/* A token runs round through thousands of descriptors. */
static void ring(void)
{
    chan(bool) done = chan_make(bool, PIPES);

    for (int i = 0; i < PIPES; i++) {
        make_pipe(ends[i]);
        go(ping, i, done);
    }
    put(ends[0][1]);
    for (int i = 0; i < PIPES; i++)
        chan_recv(done);
}

Test(netpoll, thousands_of_descriptors_pass_a_token_round)
{
    INSIDE_REAL(ring, 1);
    INSIDE_REAL(ring, 4);
}

static void *write_later(void *arg)
{
    int *fd = arg;

    for (int i = 0; i < 1000; i++) {
        char c;

        if (read(fd[0], &c, 1) != 1 || write(fd[1], &c, 1) != 1)
            return "broken";
    }
    return NULL;
}

/* A thread of the program's answers: each answer meets a sleeping poller, or
   one about to sleep. */
static void answers(void)
{
    int to[2], from[2], its[2];
    pthread_t thread;
    void *result;
    char c = 'x';

    CHECK(pipe(to) == 0 && pipe(from) == 0);
    its[0] = to[0];
    its[1] = from[1];
    pthread_create(&thread, NULL, write_later, its);
    for (int i = 0; i < 1000; i++) {
        CHECK_EQ(go_write(to[1], &c, 1), 1);
        CHECK_EQ(go_read(from[0], &c, 1), 1);
    }
    pthread_join(thread, &result);
    CHECK(result == NULL);
}

Test(netpoll, no_wake_up_is_lost_between_look_and_sleep)
{
    INSIDE_REAL(answers, 1);
    INSIDE_REAL(answers, 4);
}

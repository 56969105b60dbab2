/*
 * kernel_order.c - goroutines that ask the kernel by calls of the C library's:
 * what comes of it depends on who was first, and who has to wait lets others go
 * on.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vigil/scenario.h>

static int fds[2];

static void both(void (*one)(void), void (*other)(void))
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, one);
    go_waitgroup_go(&wg, other);
    go_waitgroup_wait(&wg);
}

static void through_a_pipe(int flags, void (*one)(void), void (*other)(void))
{
    if (pipe2(fds, flags) != 0)
        go_panic("no pipe");
    both(one, other);
    close(fds[0]);
    close(fds[1]);
}

static void put(char byte)
{
    if (write(fds[1], &byte, 1) != 1)
        go_panic("a pipe is full");
}

static void put_a(void)
{
    put('a');
}

static void put_b(void)
{
    put('b');
}

static void take(void)
{
    char byte;

    if (read(fds[0], &byte, 1) != 1)
        go_panic("nothing is there");
}

SCENARIO(too_soon, .about = "it is taken to be there", .explore = true,
         .expect = EXPECT_PANIC("nothing is there"))
{
    through_a_pipe(O_NONBLOCK, put_a, take);
}

static void put_both(void)
{
    both(put_a, put_b);
}

static void expect_a(void)
{
    char byte = 0;

    while (read(fds[0], &byte, 1) != 1)
        go_yield();
    if (byte == 'b')
        go_panic("b was first");
}

SCENARIO(a_before_b, .about = "two that write are taken to be in order",
         .explore = true, .expect = EXPECT_PANIC("b was first"))
{
    through_a_pipe(O_NONBLOCK, put_both, expect_a);
}

SCENARIO(waits, .about = "for what another one writes", .explore = true)
{
    through_a_pipe(0, put_a, take);
    through_a_pipe(0, take, put_a);
}

static void poll_it(void)
{
    struct pollfd p = {.fd = fds[0], .events = POLLIN};

    if (poll(&p, 1, -1) != 1)
        go_panic("it did not wait");
    take();
}

SCENARIO(polls, .about = "for ever, for the same", .explore = true)
{
    through_a_pipe(0, poll_it, put_a);
}

static void fill(void)
{
    char page[4096] = {0};

    for (int i = 0; i < 20; i++)
        if (write(fds[1], page, sizeof(page)) != sizeof(page))
            go_panic("it is cut short");
}

static void empty(void)
{
    char page[4096];
    size_t got = 0;

    while (got < 20 * sizeof(page))
        got += (size_t)read(fds[0], page, sizeof(page));
}

SCENARIO(is_full, .about = "and who writes waits for who reads",
         .explore = true)
{
    through_a_pipe(0, fill, empty);
}

static void send_it(void)
{
    if (send(fds[0], "x", 1, 0) != 1)
        go_panic("it is not sent");
}

static void receive_it(void)
{
    char byte;

    if (recv(fds[1], &byte, 1, 0) != 1)
        go_panic("nothing has come");
}

SCENARIO(receives, .about = "by a socket", .explore = true)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        go_panic("no sockets");
    both(receive_it, send_it);
    close(fds[0]);
    close(fds[1]);
}

static void receive_for_a_moment(void)
{
    char byte;

    if (recv(fds[1], &byte, 1, 0) >= 0 || errno != EAGAIN)
        go_panic("it has waited for longer");
}

static void send_nothing(void)
{
}

SCENARIO(gives_up, .about = "by a socket that has a time", .explore = true)
{
    struct timeval t = {.tv_usec = 1000};

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
        setsockopt(fds[1], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)) != 0)
        go_panic("no sockets");
    both(receive_for_a_moment, send_nothing);
    close(fds[0]);
    close(fds[1]);
}

static void count_up(void)
{
    eventfd_write(fds[0], 1);
}

static void count_down(void)
{
    eventfd_t n;

    if (eventfd_read(fds[0], &n) != 0)
        go_panic("it did not wait");
}

SCENARIO(counts, .about = "by an eventfd", .explore = true)
{
    fds[0] = eventfd(0, 0);
    both(count_down, count_up);
    close(fds[0]);
}

static void put_late(void)
{
    go_sleep(GO_SECOND);
    put('a');
}

static void look_again(void)
{
    char byte;

    while (read(fds[0], &byte, 1) != 1)
        continue;
}

SCENARIO(looks_again, .about = "and again, until its time has come",
         .explore = true)
{
    through_a_pipe(O_NONBLOCK, look_again, put_late);
}

static void make_it(void)
{
    setenv("VIGIL_TESTS_ORDER", "1", 1);
}

static void unmake_it(void)
{
    unsetenv("VIGIL_TESTS_ORDER");
}

SCENARIO(undone, .about = "the environment, in whatever order", .explore = true,
         .expect = EXPECT_PANIC("it is not there"))
{
    both(unmake_it, make_it);
    if (!getenv("VIGIL_TESTS_ORDER"))
        go_panic("it is not there");
}

static int handled;

static void handle(int sig)
{
    (void)sig;
    if (write(fds[1], "x", 1) == 1)
        handled++;
}

static void raise_it(void)
{
    raise(SIGUSR1);
}

SCENARIO(handles, .about = "in a handler, which nobody can keep waiting",
         .explore = true)
{
    struct sigaction action = {.sa_handler = handle};

    sigaction(SIGUSR1, &action, NULL);
    through_a_pipe(O_NONBLOCK, raise_it, raise_it);
    if (handled != 2)
        go_panic("a signal was kept from coming");
}

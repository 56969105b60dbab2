/*
 * keeps_open.c - scenarios that close nothing, and fail when they can not open
 * any more, or are given other numbers than at first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <vigil/scenario.h>

enum {
    HIGH = 64 /* more than one execution opens */
};

static void is_fine(int fd)
{
    if (fd < 0)
        go_panic("cannot be opened: %s", strerror(errno));
    if (fd >= HIGH)
        go_panic("others are open: %d", fd);
}

static void look(void)
{
    is_fine(open("/dev/null", O_RDONLY));
}

SCENARIO(keeps_open, .about = "a descriptor for each of two goroutines",
         .explore = true)
{
    go(look);
    go(look);
}

static void stream(void)
{
    if (!fopen("/dev/null", "r"))
        go_panic("cannot be opened: %s", strerror(errno));
}

SCENARIO(keeps_streams, .about = "the same by streams", .explore = true)
{
    go(stream);
    go(stream);
}

static void fill(void)
{
    char path[] = "/tmp/keeps_open.XXXXXX";
    sigset_t none;
    int fds[2];

    sigemptyset(&none);
    is_fine(pipe(fds));
    is_fine(pipe2(fds, O_CLOEXEC));
    is_fine(fcntl(fds[0], F_DUPFD, 3));
    is_fine(dup(fds[1]));
    is_fine(dup2(fds[1], HIGH - 1));
    is_fine(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
    is_fine(socket(AF_INET, SOCK_DGRAM, 0));
    is_fine(eventfd(0, 0));
    is_fine(timerfd_create(CLOCK_MONOTONIC, 0));
    is_fine(signalfd(-1, &none, 0));
    is_fine(epoll_create1(0));
    is_fine(memfd_create("memory", 0));
    is_fine(mkstemp(path));
    unlink(path);
}

SCENARIO(keeps_all, .about = "each kind of descriptor", .explore = true)
{
    go(fill);
    go_yield();
}

static void dial(const char *addr)
{
    is_fine(go_dial(addr));
}

SCENARIO(keeps_sockets, .about = "a listener, and connections to it",
         .explore = true)
{
    struct go_waitgroup wg = {0};
    int listener = go_listen("127.0.0.1:0");
    char addr[64];

    is_fine(listener);
    go_local_addr(listener, addr, sizeof(addr));
    go_waitgroup_go(&wg, dial, addr);
    is_fine(go_accept(listener));
    go_waitgroup_wait(&wg);
}

SCENARIO(keeps_path, .about = "a listener that has a path", .explore = true)
{
    is_fine(go_listen("unix:keeps_open.socket"));
    go_yield();
}

/* Who has it for standard input, another time, would be told the same. */
SCENARIO(takes_input, .about = "standard input is another one, and is closed",
         .explore = true)
{
    int fds[2];

    if (fcntl(STDIN_FILENO, F_GETFD) < 0)
        go_panic("there is no input");
    if (lseek(STDIN_FILENO, 0, SEEK_CUR) < 0 && errno == ESPIPE)
        go_panic("input is a pipe");
    is_fine(pipe(fds));
    go_yield();
    dup2(fds[0], STDIN_FILENO);
    close(STDIN_FILENO);
    go_yield();
}

/* What a stream has is not taken from it: its number is in use. */
SCENARIO(streams, .about = "a descriptor becomes a stream", .explore = true)
{
    int fds[2];
    FILE *f;

    is_fine(pipe(fds));
    f = fdopen(fds[1], "w");
    go_yield();
    if (!f || fputs("x", f) < 0 || fclose(f))
        go_panic("cannot be written: %s", strerror(errno));
    go_yield();
}

/*
 * io_test.c - sockets, pipes and files through goroutines. Real sockets on
 * loopback; nothing is asserted about time.
 */
#include "tests/inside.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/sched/netpoll.h"

#define BOTH(body)                                                             \
    INSIDE_REAL(body, 1);                                                      \
    INSIDE_REAL(body, 4)

static void until_waiters(uint32_t n)
{
    while (rt_netpoll_waiters() != n)
        go_yield();
}

static int listen_any(const char *on, char *addr, size_t n)
{
    int fd = go_listen(on);

    if (fd < 0 || go_local_addr(fd, addr, n) < 0)
        go_panic("listen %s: %d", on, fd);
    return fd;
}

static void echo(int conn)
{
    char buf[64];
    ssize_t n;

    while ((n = go_read(conn, buf, sizeof(buf))) > 0)
        CHECK_EQ(go_write(conn, buf, (size_t)n), n);
    go_close(conn);
}

static void serve(int listener, chan(int) end)
{
    int conn;

    while ((conn = go_accept(listener)) >= 0)
        go(echo, conn);
    chan_send(end, conn);
}

static void ask(const char *addr, int id)
{
    char out[32], in[32];
    int n = snprintf(out, sizeof(out), "hello %d", id);
    int conn = go_dial(addr);

    if (conn < 0)
        go_panic("dial %s: %d", addr, conn);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(go_write(conn, out, (size_t)n), n);
        CHECK_EQ(go_read(conn, in, sizeof(in)), n);
        CHECK(memcmp(in, out, (size_t)n) == 0);
    }
    CHECK_EQ(go_close(conn), 0);
}

static void talk(const char *on, int clients)
{
    char addr[160];
    int listener = listen_any(on, addr, sizeof(addr));
    chan(int) end = chan_make(int, 0);
    struct go_waitgroup wg = {0};

    go(serve, listener, end);
    for (int i = 0; i < clients; i++)
        go_waitgroup_go(&wg, ask, addr, i);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_close(listener), 0);
    CHECK_EQ(chan_recv(end), -EBADF);
}

static void echo_tcp(void)
{
    talk("127.0.0.1:0", 1000);
}

Test(io, a_thousand_clients_are_answered)
{
    BOTH(echo_tcp);
}

static void echo_unix(void)
{
    char addr[64];
    struct stat st;

    snprintf(addr, sizeof(addr), "unix:/tmp/io_test.%d", (int)getpid());
    talk(addr, 300);
    CHECK(stat(addr + 5, &st) < 0); /* its path went with it */
    snprintf(addr, sizeof(addr), "unix:@io_test.%d", (int)getpid());
    talk(addr, 20);
}

Test(io, unix_sockets_work_and_take_their_path_along)
{
    BOTH(echo_unix);
}

static void echo_others(void)
{
    int fd = socket(AF_INET6, SOCK_STREAM, 0);

    talk("localhost:0", 5);
    talk(":0", 5);
    if (fd >= 0) { /* else this machine has no IPv6 */
        talk("[::1]:0", 5);
        close(fd);
    }
}

Test(io, names_ipv6_and_any_host_work)
{
    BOTH(echo_others);
}

static void refused(void)
{
    char addr[64];
    int fd = listen_any("127.0.0.1:0", addr, sizeof(addr));

    CHECK_EQ(go_listen(addr), -EADDRINUSE);
    go_close(fd);
    CHECK_EQ(go_dial(addr), -ECONNREFUSED);
    CHECK_EQ(go_dial("unix:/nowhere/at/all"), -ENOENT);
    CHECK_EQ(go_dial("nonsense"), -EINVAL);
    CHECK_EQ(go_listen("127.0.0.1:http"), -EINVAL);
    CHECK_EQ(go_listen("192.0.2.1:0"), -EADDRNOTAVAIL);
    fd = go_listen(addr); /* at once, though it was just in use */
    CHECK(fd >= 0);
    CHECK_EQ(go_local_addr(fd, addr, 5), -ERANGE);
    CHECK_EQ(go_local_addr(-1, addr, 5), -EBADF);
    go_close(fd);
}

Test(io, what_the_kernel_refuses_comes_back_as_errno)
{
    BOTH(refused);
}

static void read_into(int fd, chan(int) result)
{
    char buf[8];

    chan_send(result, (int)go_read(fd, buf, sizeof(buf)));
}

static void accept_one(int fd, chan(int) result)
{
    chan_send(result, go_accept(fd));
}

static void close_ends_waits(void)
{
    chan(int) result = chan_make(int, 0);
    char addr[64];
    int fd[2], listener = listen_any("127.0.0.1:0", addr, sizeof(addr));

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0);
    go(read_into, fd[0], result);
    until_waiters(1);
    go_close(fd[0]);
    CHECK_EQ(chan_recv(result), -EBADF);
    for (int i = 0; i < 4; i++)
        go(accept_one, listener, result);
    until_waiters(4);
    go_close(listener);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(chan_recv(result), -EBADF);
    CHECK_EQ(go_accept(listener), -EBADF);
    CHECK_EQ(go_write(fd[1], "x", 1), -EPIPE);
    CHECK_EQ(go_read(fd[0], addr, 1), -EBADF);
    CHECK_EQ(go_write(fd[0], addr, 1), -EBADF);
}

Test(io, close_ends_reads_and_accepts)
{
    BOTH(close_ends_waits);
}

enum {
    BIG = 3000000
};
static char big[BIG], back[BIG];

static void write_big(int fd, chan(int) result)
{
    chan_send(result, (int)go_write(fd, big, BIG));
    go_close(fd);
}

static void read_big(int fd[2])
{
    chan(int) result = chan_make(int, 1);
    size_t done = 0;
    ssize_t n;

    go(write_big, fd[1], result);
    while ((n = go_read(fd[0], back + done, BIG - done)) > 0)
        done += (size_t)n;
    CHECK_EQ(chan_recv(result), BIG);
    CHECK_EQ(done, BIG);
    CHECK(memcmp(big, back, BIG) == 0);
    go_close(fd[0]);
}

static void partial_writes(void)
{
    int fd[2];

    for (int i = 0; i < BIG; i++)
        big[i] = (char)(i * 7 + i / 251);
    CHECK(pipe(fd) == 0); /* blocking ones: go_read and go_write see to it */
    read_big(fd);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0);
    memset(back, 0, BIG);
    read_big(fd);
}

Test(io, a_write_larger_than_any_buffer_arrives_whole)
{
    BOTH(partial_writes);
}

static void broken_pipe(void)
{
    int fd[2];

    CHECK(pipe(fd) == 0);
    close(fd[0]);
    CHECK_EQ(go_write(fd[1], "x", 1), -EPIPE); /* and no signal */
    close(fd[1]);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0);
    close(fd[0]);
    CHECK_EQ(go_write(fd[1], "x", 1), -EPIPE);
    CHECK_EQ(go_read(fd[1], big, 1), 0);
    close(fd[1]);
}

Test(io, a_broken_pipe_is_an_error_and_no_signal)
{
    BOTH(broken_pipe);
}

static void broken_output(void)
{
    int fd[2];

    CHECK(pipe(fd) == 0);
    CHECK_EQ(dup2(fd[1], 1), 1);
    close(fd[1]);
    close(fd[0]);
    go_write(1, "x", 1);
}

Test(io, standard_output_that_nobody_reads_ends_the_program, .signal = SIGPIPE)
{
    INSIDE_REAL(broken_output, 1);
}

static void files(void)
{
    char path[] = "/tmp/io_test.XXXXXX", buf[16] = "";
    int fd = mkstemp(path);

    CHECK(fd >= 0);
    unlink(path);
    CHECK_EQ(go_write(fd, "some text", 9), 9);
    lseek(fd, 5, SEEK_SET);
    CHECK_EQ(go_read(fd, buf, sizeof(buf)), 4);
    CHECK(memcmp(buf, "text", 4) == 0);
    CHECK_EQ(go_read(fd, buf, sizeof(buf)), 0);
    CHECK_EQ(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    go_close(fd);
    fd = open("/dev/full", O_WRONLY);
    CHECK_EQ(go_write(fd, "x", 1), -ENOSPC);
    go_close(fd);
    fd = open("/dev/zero", O_RDONLY);
    CHECK_EQ(go_read(fd, buf, sizeof(buf)), sizeof(buf));
    go_close(fd);
    fd = open("/", O_RDONLY);
    CHECK_EQ(go_read(fd, buf, 1), -EISDIR);
    go_close(fd);
}

Test(io, regular_files_and_devices_work)
{
    BOTH(files);
}

static void write_pipe(int fd)
{
    go_write(fd, "late", 4);
}

/* Standard input is somebody else's as well: its flags stay as they are. */
static void shared_input(void)
{
    int fd[2], before = dup(0);
    char buf[8];

    CHECK(pipe(fd) == 0);
    CHECK_EQ(dup2(fd[0], 0), 0);
    go(write_pipe, fd[1]);
    CHECK_EQ(go_read(0, buf, sizeof(buf)), 4);
    CHECK_EQ(fcntl(0, F_GETFL) & O_NONBLOCK, 0);
    close(fd[0]);
    close(fd[1]);
    CHECK_EQ(go_read(0, buf, sizeof(buf)), 0);
    if (before >= 0)
        dup2(before, 0);
    close(before);
}

Test(io, flags_of_standard_input_stay_as_they_are)
{
    BOTH(shared_input);
}

static void blocking_listener(void)
{
    chan(int) result = chan_make(int, 0);
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    socklen_t size = sizeof(sa_family_t);
    char addr[128];
    int fd = socket(AF_UNIX, SOCK_STREAM, 0), conn;

    CHECK(bind(fd, (struct sockaddr *)&un, size) == 0); /* any free name */
    CHECK(listen(fd, 1) == 0);
    CHECK(go_local_addr(fd, addr, sizeof(addr)) > 0);
    go(accept_one, fd, result);
    until_waiters(1);
    conn = go_dial(addr);
    CHECK(conn >= 0);
    CHECK_EQ(fcntl(conn, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    CHECK_EQ(fcntl(conn, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(chan_recv(result));
    go_close(conn);
    go_close(fd);
}

Test(io, a_listener_made_elsewhere_does_not_block_the_thread)
{
    BOTH(blocking_listener);
}

static void dial_and_hold(const char *addr, chan(int) result)
{
    chan_send(result, go_dial(addr));
}

/* The queue of a unix listener is full: who dials waits, and nobody else. */
static void full_queue(void)
{
    enum {
        DIALS = 8
    };
    chan(int) result = chan_make(int, DIALS);
    char addr[64];
    int fd, conn;

    snprintf(addr, sizeof(addr), "unix:@io_full.%d", (int)getpid());
    fd = go_listen(addr);
    CHECK(listen(fd, 0) == 0);
    for (int i = 0; i < DIALS; i++)
        go(dial_and_hold, addr, result);
    for (int i = 0; i < DIALS; i++) {
        go_yield();
        conn = go_accept(fd);
        CHECK(conn >= 0);
        go_close(conn);
    }
    for (int i = 0; i < DIALS; i++) {
        conn = chan_recv(result);
        CHECK(conn >= 0);
        go_close(conn);
    }
    go_close(fd);
}

Test(io, a_full_listener_makes_dialers_wait)
{
    BOTH(full_queue);
}

static void too_many(void)
{
    struct rlimit l, few;
    char addr[64];
    int listener = listen_any("127.0.0.1:0", addr, sizeof(addr)), conn;

    conn = go_dial(addr);
    CHECK(getrlimit(RLIMIT_NOFILE, &l) == 0);
    few = l;
    few.rlim_cur = 0; /* a thread of the test runner's may close a lower one */
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
    CHECK_EQ(go_accept(listener), -EMFILE);
    CHECK_EQ(go_dial(addr), -EMFILE);
    CHECK_EQ(go_listen("127.0.0.1:0"), -EMFILE);
    CHECK(setrlimit(RLIMIT_NOFILE, &l) == 0);
    go_close(conn);
    conn = go_accept(listener); /* it has waited in the queue */
    CHECK(conn >= 0);
    go_close(conn);
    go_close(listener);
}

Test(io, running_out_of_descriptors_is_an_error)
{
    BOTH(too_many);
}

/* Numbers go round between goroutines that open, talk and close at once. */
static void short_lives(const char *addr)
{
    char c = 'x';

    for (int i = 0; i < 50; i++) {
        int conn = go_dial(addr);

        CHECK(conn >= 0);
        CHECK_EQ(go_write(conn, &c, 1), 1);
        CHECK_EQ(go_read(conn, &c, 1), 1);
        CHECK_EQ(go_close(conn), 0);
    }
}

static void reuse(void)
{
    char addr[64];
    int listener = listen_any("127.0.0.1:0", addr, sizeof(addr));
    chan(int) end = chan_make(int, 0);
    struct go_waitgroup wg = {0};

    go(serve, listener, end);
    for (int i = 0; i < 20; i++)
        go_waitgroup_go(&wg, short_lives, addr);
    go_waitgroup_wait(&wg);
    go_close(listener);
    CHECK_EQ(chan_recv(end), -EBADF);
}

Test(io, numbers_that_go_round_are_never_mixed_up)
{
    BOTH(reuse);
}

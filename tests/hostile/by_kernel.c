/*
 * by_kernel.c - what one goroutine writes before it changes something in the
 * kernel, and another reads when it has seen that: no data race. By names of the
 * C library's that a program has for how it is compiled: for files of 64 bits,
 * with buffers that are checked; and by others of many arguments.
 */
#undef _FORTIFY_SOURCE
#define _FORTIFY_SOURCE   2
#define _FILE_OFFSET_BITS 64
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vigil/scenario.h>

static int fds[2], value;
static volatile size_t one = 1; /* the compiler does not know it: checked */

/* One that writes, then tells; the other sees it, and reads. */
static void first(void (*tell)(void))
{
    value = 1;
    tell();
}

static void second(void (*see)(void))
{
    see();
    if (value != 1)
        go_panic("it came too early");
}

static void word(void (*tell)(void), void (*see)(void))
{
    struct go_waitgroup wg = {0};

    value = 0;
    go_waitgroup_go(&wg, first, tell);
    go_waitgroup_go(&wg, second, see);
    go_waitgroup_wait(&wg);
}

static void expect_one(ssize_t n)
{
    if (n != 1)
        go_panic("there is not one");
}

static void by_pipe(void (*see)(void), void (*tell)(void))
{
    if (pipe(fds) != 0)
        go_panic("no pipe");
    word(tell, see);
    close(fds[0]);
    close(fds[1]);
}

static void put(void)
{
    expect_one(write(fds[1], "x", 1));
}

static void poll_one(void)
{
    struct pollfd p[2] = {{.fd = fds[0], .events = POLLIN}};

    expect_one(poll(p, one, -1));
}

SCENARIO(polls, .about = "as many as it knows when it runs", .explore = true)
{
    by_pipe(poll_one, put);
}

static void poll_one_masked(void)
{
    struct pollfd p[2] = {{.fd = fds[0], .events = POLLIN}};

    expect_one(ppoll(p, one, NULL, NULL));
}

SCENARIO(polls_masked, .about = "likewise", .explore = true)
{
    by_pipe(poll_one_masked, put);
}

static void receive(void)
{
    char bytes[2];

    expect_one(recvfrom(fds[1], bytes, one, 0, NULL, NULL));
}

static void send_one(void)
{
    expect_one(send(fds[0], "x", 1, 0));
}

SCENARIO(receives, .about = "as much as it knows when it runs", .explore = true)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        go_panic("no sockets");
    word(send_one, receive);
    close(fds[0]);
    close(fds[1]);
}

static void by_file(void (*tell)(void), void (*see)(void))
{
    char path[] = "by_kernel-XXXXXX";

    fds[0] = mkstemp(path);
    if (fds[0] < 0 || unlink(path) != 0)
        go_panic("no file");
    word(tell, see);
    close(fds[0]);
}

static void lengthen(void)
{
    if (ftruncate(fds[0], 5) != 0)
        go_panic("it has its length");
}

static void see_longer(void)
{
    struct stat st = {0};

    while (fstat(fds[0], &st) == 0 && st.st_size != 5)
        go_yield();
}

SCENARIO(sized, .about = "a file", .explore = true)
{
    by_file(lengthen, see_longer);
}

static void write_vector(void)
{
    struct iovec from = {.iov_base = "x", .iov_len = 1};

    expect_one(pwritev(fds[0], &from, 1, 0));
}

static void read_vector(void)
{
    char byte;
    struct iovec to = {.iov_base = &byte, .iov_len = 1};

    while (preadv(fds[0], &to, 1, 0) != 1)
        go_yield();
}

SCENARIO(vectors, .about = "at a place", .explore = true)
{
    by_file(write_vector, read_vector);
}

static void read_at(void)
{
    char bytes[2];

    while (pread(fds[0], bytes, one, 0) != 1)
        go_yield();
}

SCENARIO(placed, .about = "as much as it knows when it runs", .explore = true)
{
    by_file(write_vector, read_at);
}

static void move_on(void)
{
    lseek(fds[0], 5, SEEK_SET);
}

static void see_moved(void)
{
    while (lseek(fds[0], 0, SEEK_CUR) != 5)
        go_yield();
}

SCENARIO(moved, .about = "where a file is read", .explore = true)
{
    by_file(move_on, see_moved);
}

static char folder[64];

static void make_it(void)
{
    if (mkdirat(AT_FDCWD, folder, 0700) != 0)
        go_panic("it is there");
}

static void find_it(void)
{
    while (faccessat(AT_FDCWD, folder, F_OK, 0) != 0)
        go_yield();
}

SCENARIO(found, .about = "a folder", .explore = true)
{
    snprintf(folder, sizeof(folder), "by_kernel-%d", (int)getpid());
    unlinkat(AT_FDCWD, folder, AT_REMOVEDIR);
    word(make_it, find_it);
    unlinkat(AT_FDCWD, folder, AT_REMOVEDIR);
}

static mqd_t queue;
static const struct timespec late = {.tv_sec = 1};

static void queue_it(void)
{
    if (mq_timedsend(queue, "x", 1, 0, &late) != 0)
        go_panic("it is full");
}

static void take_it(void)
{
    char bytes[64];

    while (mq_timedreceive(queue, bytes, sizeof(bytes), NULL, &late) != 1)
        go_yield();
}

SCENARIO(queued, .about = "a message", .explore = true)
{
    struct mq_attr how = {.mq_maxmsg = 2, .mq_msgsize = 64};
    char name[64];

    snprintf(name, sizeof(name), "/by_kernel-%d", (int)getpid());
    queue = mq_open(name, O_CREAT | O_RDWR | O_NONBLOCK, 0600, &how);
    mq_unlink(name);
    if (queue >= 0) /* not every kernel has them */
        word(queue_it, take_it);
    mq_close(queue);
}

static ssize_t count(void *whose, const char *bytes, size_t n)
{
    (void)whose, (void)bytes;
    value++;
    return (ssize_t)n;
}

static void say(FILE *f)
{
    fputs("x", f);
    fflush(f);
}

SCENARIO(streamed, .about = "to a function of its own", .explore = true)
{
    struct go_waitgroup wg = {0};
    FILE *f = fopencookie(NULL, "w", (cookie_io_functions_t){.write = count});

    if (!f)
        go_panic("no stream");
    go_waitgroup_go(&wg, say, f);
    go_waitgroup_go(&wg, say, f);
    go_waitgroup_wait(&wg);
    fclose(f);
}

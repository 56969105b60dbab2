/*
 * io.c - reading, writing, waiting and closing, without stopping a thread.
 *
 * In: any descriptor. Out: what the system call says, or -errno.
 *
 * Method: try, and when it would block park until the poller says that it is
 * ready, then try again. How to try without blocking depends on what it is:
 *
 * I1  A socket is asked not to block call by call (MSG_DONTWAIT), so its flags
 *     stay as they are.
 * I2  Anything else that can be polled is made non-blocking, for good...
 * I3  ...but not descriptors 0 to 2 when they block: other processes share
 *     them, and would see their reads fail. A read of one waits until it is
 *     ready, then reads on a blocking thread, in case somebody else was
 *     faster; a write goes on a blocking thread.
 * I4  Regular files are always ready for the poller and may yet take long:
 *     on a blocking thread.
 *
 * A write to a pipe that nobody reads is -EPIPE and no signal, except on
 * descriptors 1 and 2, where the signal ends the program, as in Go.
 */
#define _GNU_SOURCE
#include <vigil/io.h>
#include <vigil/outer.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vigil/go.h>

#include "runtime/sched/elsewhere.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/object.h"
#include "runtime/sync/socket.h"

enum {
    LAST_SHARED = 2
}; /* I3: standard input, output, error */

enum mode {
    MODE_DIRECT, /* the system call does not block */
    MODE_SHARED, /* I3 */
    MODE_THREAD, /* I4 */
};

static bool always_ready(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 &&
           (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode));
}

/* enum mode of what is no socket, or -errno. */
static int mode_of(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0)
        return -errno;
    if (flags & O_NONBLOCK)
        return MODE_DIRECT;
    if (always_ready(fd))
        return MODE_THREAD;
    if (fd <= LAST_SHARED)
        return MODE_SHARED;
    return fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : MODE_DIRECT;
}

/* 1: ready, or the call will tell what is wrong; 0: not; -EBADF. */
static int ready_now(int fd, int events)
{
    struct pollfd p = {.fd = fd, .events = (short)events};
    int n;

    do
        n = poll(&p, 1, 0);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    return n > 0 && (p.revents & POLLNVAL) ? -EBADF : n;
}

static ssize_t plain_read(int fd, void *buf, size_t n)
{
    ssize_t r;

    do
        r = read(fd, buf, n);
    while (r < 0 && errno == EINTR);
    return r < 0 ? -errno : r;
}

static ssize_t plain_write(int fd, const void *buf, size_t n)
{
    ssize_t r;

    do
        r = write(fd, buf, n);
    while (r < 0 && errno == EINTR);
    return r < 0 ? -errno : r;
}

/* Without the signal that a broken pipe sends to the writing thread. */
static ssize_t quiet_write(int fd, const void *buf, size_t n)
{
    static const struct timespec at_once;
    sigset_t broken, before, pending;
    ssize_t r;

    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    r = plain_write(fd, buf, n);
    if (r == -EPIPE && !sigismember(&pending, SIGPIPE))
        while (sigtimedwait(&broken, NULL, &at_once) < 0 && errno == EINTR)
            ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r;
}

static ssize_t on_thread(go_fn *fn, int fd, const void *buf, size_t n,
                         const struct go_site *site)
{
    struct go_call call = {fn, {GO_WORD(fd), GO_WORD(buf), GO_WORD(n)}};

    return (ssize_t)go_blocking_at(&call, site);
}

static ssize_t read_file(int fd, void *buf, size_t n,
                         const struct go_site *site)
{
    int mode = mode_of(fd), ready;

    if (mode < 0)
        return mode;
    if (mode == MODE_DIRECT)
        return plain_read(fd, buf, n);
    if (mode == MODE_SHARED) {
        ready = ready_now(fd, POLLIN);
        if (ready <= 0)
            return ready < 0 ? ready : -EAGAIN;
    }
    return on_thread((go_fn *)plain_read, fd, buf, n, site);
}

static ssize_t write_file(int fd, const void *buf, size_t n,
                          const struct go_site *site)
{
    int mode = mode_of(fd);

    if (mode < 0)
        return mode;
    if (mode != MODE_DIRECT)
        return on_thread((go_fn *)plain_write, fd, buf, n, site);
    return fd <= LAST_SHARED ? plain_write(fd, buf, n)
                             : quiet_write(fd, buf, n);
}

static ssize_t try_read(int fd, void *buf, size_t n, const struct go_site *site)
{
    ssize_t r;

    do
        r = recv(fd, buf, n, MSG_DONTWAIT);
    while (r < 0 && errno == EINTR);
    if (r >= 0)
        return r;
    return errno == ENOTSOCK ? read_file(fd, buf, n, site) : -errno;
}

static ssize_t try_write(int fd, const void *buf, size_t n,
                         const struct go_site *site)
{
    ssize_t r;

    do
        r = send(fd, buf, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (r < 0 && errno == EINTR);
    if (r >= 0)
        return r;
    return errno == ENOTSOCK ? write_file(fd, buf, n, site) : -errno;
}

int rt_io_wait(int fd, int events, const struct go_site *site)
{
    int err = rt_netpoll_park(fd, events, -1, site);

    if (err != -EAGAIN)
        return err;
    go_yield_at(site); /* it is just being closed: see what comes of it */
    return 0;
}

ssize_t go_read_at(int fd, void *buf, size_t n, const struct go_site *site)
{
    ssize_t r;
    int err;

    rt_elsewhere_io(site);
    while ((r = try_read(fd, buf, n, site)) == -EAGAIN) {
        err = rt_io_wait(fd, POLLIN, site);
        if (err < 0)
            return err;
    }
    return r;
}

ssize_t go_write_at(int fd, const void *buf, size_t n,
                    const struct go_site *site)
{
    size_t done = 0;
    ssize_t r;

    if (fd > LAST_SHARED)
        rt_elsewhere_io(site);
    do {
        r = try_write(fd, (const char *)buf + done, n - done, site);
        if (r == -EAGAIN)
            r = rt_io_wait(fd, POLLOUT, site);
        else if (r == 0 && done < n)
            r = -EIO; /* it takes nothing, and does not say why */
        else if (r > 0)
            done += (size_t)r;
        if (r < 0)
            return r;
    } while (done < n);
    return (ssize_t)done;
}

/* 0: it is; or -errno. */
static int wait_ready(int fd, int events, go_instant deadline,
                      const struct go_site *site)
{
    int r;

    while ((r = ready_now(fd, events)) == 0) {
        if (deadline >= 0 && deadline <= rt_now()) {
            go_yield_at(
                site); /* who asks again and again may wait for others */
            return -ETIMEDOUT;
        }
        r = rt_netpoll_park(fd, events, deadline, site);
        if (r == -EAGAIN)
            go_yield_at(site);
        else if (r < 0)
            return r;
    }
    return r < 0 ? r : 0;
}

int go_wait_fd_at(int fd, int events, go_instant deadline,
                  const struct go_site *site)
{
    rt_elsewhere_io(site);
    if (events == 0 || (events & ~(POLLIN | POLLOUT)))
        return -EINVAL;
    return wait_ready(fd, events, deadline, site);
}

bool go_outer_ready(int fd, int events, const void *pc)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(pc);

    rt_leave(g);
    return wait_ready(fd, events, -1, site) == 0;
}

int go_close_at(int fd, const struct go_site *site)
{
    rt_netpoll_leaves *leaves;
    const char *name;
    int r;

    if (fd < 0)
        return -EBADF;
    if (fd > LAST_SHARED)
        rt_elsewhere_io(site);
    leaves = rt_netpoll_leaving(fd, &name);
    if (leaves)
        leaves(name);
    rt_netpoll_closed(fd);
    r = close(fd) < 0 ? -errno : 0;
    rt_netpoll_close_done(fd);
    return r == -EINTR ? 0 : r; /* Linux has closed it all the same */
}

int(go_close)(int fd)
{
    return go_close_at(fd, RT_HERE());
}

ssize_t(go_read)(int fd, void *buf, size_t n)
{
    return go_read_at(fd, buf, n, RT_HERE());
}

ssize_t(go_write)(int fd, const void *buf, size_t n)
{
    return go_write_at(fd, buf, n, RT_HERE());
}

int(go_wait_fd)(int fd, int events, go_instant deadline)
{
    return go_wait_fd_at(fd, events, deadline, RT_HERE());
}

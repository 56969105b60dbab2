/*
 * socket.c - listening, accepting and dialling.
 *
 * In: addresses as text. Out: descriptors, non-blocking and close-on-exec.
 *
 * A numeric address is used at once; a name is looked up on a blocking thread.
 * A listener is named by its address in reports ("listener 127.0.0.1:80"), any
 * other descriptor by its number. As in Go: a listener's address can be had
 * again at once (SO_REUSEADDR), TCP sends small writes at once (TCP_NODELAY,
 * which accepted sockets inherit).
 */
#define _GNU_SOURCE
#include "runtime/sync/socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vigil/go.h>

#include "runtime/sched/elsewhere.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/park.h"
#include "runtime/sync/address.h"
#include "runtime/sync/object.h"

enum {
    TEXT_SIZE = 192
}; /* a path has 108 */

/* On a blocking thread; a thread that is no goroutine's may block itself. */
static int lookup(struct rt_address *a, const struct go_site *site)
{
    struct go_call call = {(go_fn *)rt_address_lookup, {GO_WORD(a)}};

    if (go_self() == 0)
        return rt_address_lookup(a);
    return (int)go_blocking_at(&call, site);
}

static int make_socket(const struct rt_address *a, int i)
{
    int family = a->at[i].sa.ss_family, on = 1;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    if (family != AF_UNIX)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

#define UNIX "unix:" /* before a path */

/* Go's listener takes its path along when it is closed. */
static void unlink_path(const char *name)
{
    const char *path = strstr(name, UNIX);

    rt_check(path != NULL, "socket: a unix listener without a path");
    unlink(path + strlen(UNIX));
}

static void name_listener(int fd, bool local)
{
    static const char head[] = "listener ";
    char text[sizeof(head) + TEXT_SIZE];
    struct g *g;
    const char *name = NULL;

    memcpy(text, head, sizeof(head));
    if (go_local_addr(fd, text + sizeof(head) - 1, TEXT_SIZE) > 0) {
        g = rt_enter();
        name = rt_intern(text);
        rt_leave(g);
    }
    local = local && name && name[sizeof(head) - 1 + strlen(UNIX)] != '@';
    rt_netpoll_opened(fd, name, local ? unlink_path : NULL);
}

static int listen_on(const struct rt_address *a, int i)
{
    bool local = a->at[i].sa.ss_family == AF_UNIX;
    int fd = make_socket(a, i), on = 1, off = 0, err;

    if (fd < 0)
        return fd;
    if (!local)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (a->at[i].sa.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    if (bind(fd, (const struct sockaddr *)&a->at[i].sa, a->at[i].size) == 0 &&
        listen(fd, SOMAXCONN) == 0) {
        name_listener(fd, local);
        return fd;
    }
    err = -errno;
    close(fd);
    return err;
}

/* A name is listened on by its IPv4 address if it has one, as in Go. */
static int first_to_listen(const struct rt_address *a, bool named)
{
    for (int i = 0; named && i < a->n; i++)
        if (a->at[i].sa.ss_family == AF_INET)
            return i;
    return 0;
}

int go_listen_at(const char *addr, const struct go_site *site)
{
    struct rt_address a;
    int err = rt_address_parse(addr, true, &a), fd;
    bool named = err == 0 && a.n == 0;

    if (named)
        err = lookup(&a, site);
    if (err < 0)
        return err;
    rt_elsewhere_io(site);
    fd = listen_on(&a, first_to_listen(&a, named));
    /* No IPv6 here: all addresses are those of IPv4. */
    if ((fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL) && !named && a.n > 1)
        fd = listen_on(&a, 1);
    return fd;
}

static int make_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0)
        return -errno;
    if (flags & O_NONBLOCK)
        return 0;
    return fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

int go_accept_at(int fd, const struct go_site *site)
{
    int err = make_nonblocking(fd), conn;

    rt_elsewhere_io(site);
    while (err == 0) {
        conn = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (conn >= 0) {
            rt_netpoll_opened(conn, NULL, NULL);
            return conn;
        }
        if (errno == EAGAIN)
            err = rt_io_wait(fd, POLLIN, site);
        else if (errno != EINTR && errno != ECONNABORTED)
            err = -errno;
    }
    return err;
}

/* What became of a connection: 0, -errno, or -EINPROGRESS. */
static int connect_result(int fd)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof(peer), len = sizeof(int);
    int err = 0;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return -errno;
    if (err != 0)
        return err == EALREADY || err == EINTR ? -EINPROGRESS : -err;
    if (getpeername(fd, (struct sockaddr *)&peer, &size) < 0)
        return errno == ENOTCONN ? -EINPROGRESS : -errno;
    return 0;
}

static int connect_in_progress(int fd, const struct go_site *site)
{
    int err;

    do {
        err = rt_io_wait(fd, POLLOUT, site);
        if (err == 0)
            err = connect_result(fd);
    } while (err == -EINPROGRESS);
    return err;
}

/* A unix listener whose queue is full can only be waited for in the call. */
static int connect_blocking(int fd, const struct sockaddr *sa, socklen_t size)
{
    int flags = fcntl(fd, F_GETFL), err = 0;

    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0)
        return -errno;
    while (connect(fd, sa, size) < 0 && err == 0)
        if (errno != EINTR)
            err = -errno;
    if (fcntl(fd, F_SETFL, flags) < 0 && err == 0)
        err = -errno;
    return err;
}

static int connect_to(int fd, const struct rt_address *a, int i,
                      const struct go_site *site)
{
    const struct sockaddr *sa = (const struct sockaddr *)&a->at[i].sa;
    struct go_call call = {(go_fn *)connect_blocking,
                           {GO_WORD(fd), GO_WORD(sa), GO_WORD(a->at[i].size)}};

    if (connect(fd, sa, a->at[i].size) == 0)
        return 0;
    if (errno == EINPROGRESS || errno == EINTR)
        return connect_in_progress(fd, site);
    if (errno == EAGAIN && sa->sa_family == AF_UNIX)
        return (int)go_blocking_at(&call, site);
    return -errno;
}

static int dial_one(const struct rt_address *a, int i,
                    const struct go_site *site)
{
    int fd = make_socket(a, i), err;

    if (fd < 0)
        return fd;
    rt_netpoll_opened(fd, NULL, NULL);
    err = connect_to(fd, a, i, site);
    if (err == 0)
        return fd;
    go_close_at(fd, site);
    return err;
}

int go_dial_at(const char *addr, const struct go_site *site)
{
    struct rt_address a;
    int err = rt_address_parse(addr, false, &a), first = 0, fd;

    if (err == 0 && a.n == 0)
        err = lookup(&a, site);
    if (err < 0)
        return err;
    rt_elsewhere_io(site);
    rt_check(a.n > 0, "socket: resolved to no address");
    for (int i = 0; i < a.n; i++) {
        fd = dial_one(&a, i, site);
        if (fd >= 0)
            return fd;
        if (i == 0)
            first = fd; /* of several failures, the likeliest to be the one */
    }
    return first;
}

int(go_local_addr)(int fd, char *buf, size_t n)
{
    struct sockaddr_storage sa;
    socklen_t size = sizeof(sa);

    if (getsockname(fd, (struct sockaddr *)&sa, &size) < 0)
        return -errno;
    return rt_address_text((struct sockaddr *)&sa, size, buf, n);
}

int(go_listen)(const char *addr)
{
    return go_listen_at(addr, RT_HERE());
}

int(go_accept)(int fd)
{
    return go_accept_at(fd, RT_HERE());
}

int(go_dial)(const char *addr)
{
    return go_dial_at(addr, RT_HERE());
}

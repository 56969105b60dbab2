/*
 * descriptors.c - pieces over sockets and pipes.
 */
#include "pieces.h"
#include <string.h>
#include <unistd.h>
#include <vigil/go.h>

static bool whole_read(int fd, void *buf, size_t n)
{
    for (size_t have = 0; have < n;) {
        ssize_t got = go_read(fd, (char *)buf + have, n - have);

        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return true;
}

static void serve_one(int fd)
{
    char buf[256];
    ssize_t n;

    while ((n = go_read(fd, buf, sizeof(buf))) > 0)
        if (go_write(fd, buf, (size_t)n) != n)
            break;
    go_close(fd);
}

static void serve(int listener, long clients)
{
    struct go_waitgroup wg = {0};

    for (long i = 0; i < clients; i++) {
        int fd = go_accept(listener);

        if (fd >= 0)
            go_waitgroup_go(&wg, serve_one, fd);
    }
    go_waitgroup_wait(&wg);
}

static void call_server(const char *addr, long size, struct go_atomic *good)
{
    char out[1024], in[1024];
    int fd = go_dial(addr);

    if (fd < 0)
        return;
    memset(out, (int)(size % 251), sizeof(out));
    if (go_write(fd, out, (size_t)size) == size &&
        whole_read(fd, in, (size_t)size) && !memcmp(in, out, (size_t)size))
        go_atomic_add(good, 1);
    go_close(fd);
}

long piece_echo(struct draw *d)
{
    long clients = 1 + draw(d, 20);
    int listener = go_listen("127.0.0.1:0");
    struct go_waitgroup wg = {0};
    struct go_atomic good = {0};
    char addr[64];

    if (listener < 0 || go_local_addr(listener, addr, sizeof(addr)) < 0)
        return -1;
    go_waitgroup_go(&wg, serve, listener, clients);
    for (long i = 0; i < clients; i++)
        go_waitgroup_go(&wg, call_server, addr, 1L + draw(d, 1000), &good);
    go_waitgroup_wait(&wg);
    go_close(listener);
    return go_atomic_load(&good) == clients ? 2 * clients + 1 : -1;
}

static void fill_pipe(int fd, long n)
{
    for (long i = 0; i < n; i++)
        go_write(fd, &i, sizeof(i));
    go_close(fd);
}

long piece_through_a_pipe(struct draw *d)
{
    int ends[2];
    long n = draw(d, 2000), sum = 0, v;

    if (pipe(ends))
        return -1;
    go(fill_pipe, ends[1], n);
    while (whole_read(ends[0], &v, sizeof(v)))
        sum += v;
    go_close(ends[0]);
    return sum == sum_to(n) ? 1 : -1;
}

/*
 * server - one goroutine accepts, one serves each connection.
 *
 * Pattern: the server of every tutorial, over loopback, with 1,000 clients at
 * once. Expected: CLEAN: a pending accept is an external wait, and the close
 * of the listener ends it. VIGIL_SCALE divides the clients.
 */
#include <stdio.h>
#include <string.h>
#include "scenarios/check.h"

static void serve(int conn)
{
    char buf[128];
    ssize_t n;

    while ((n = go_read(conn, buf, sizeof buf)) > 0)
        go_write(conn, buf, (size_t)n);
    go_close(conn);
}

static void accept_all(int listener)
{
    struct go_waitgroup conns = {0};
    int conn;

    while ((conn = go_accept(listener)) >= 0)
        go_waitgroup_go(&conns, serve, conn);
    CHECK_EQ(conn, -EBADF);
    go_waitgroup_wait(&conns);
}

static void client(const char *addr, int id, chan(bool) done)
{
    char out[32], in[32];
    int conn = go_dial(addr);
    int n = snprintf(out, sizeof out, "hello %d", id);
    bool same = conn >= 0 && go_write(conn, out, (size_t)n) == n &&
                go_read(conn, in, sizeof in) == n &&
                !memcmp(in, out, (size_t)n);

    if (conn >= 0)
        go_close(conn);
    chan_send(done, same);
}

SCENARIO(server, .about = "echo to a thousand clients", .clock = GO_CLOCK_REAL,
         .timeout = 60 * GO_SECOND)
{
    char addr[64];
    int listener = go_listen("127.0.0.1:0"), n = scaled(1000), good = 0;
    chan(bool) done = chan_make(bool, 0);
    struct go_waitgroup acceptor = {0};

    CHECK(go_local_addr(listener, addr, sizeof addr) > 0);
    go_waitgroup_go(&acceptor, accept_all, listener);
    for (int i = 0; i < n; i++)
        go(client, addr, i, done);
    for (int i = 0; i < n; i++)
        good += chan_recv(done);
    go_close(listener);
    go_waitgroup_wait(&acceptor);
    CHECK_EQ(good, n);
}

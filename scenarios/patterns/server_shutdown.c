/*
 * server_shutdown - stop accepting, drain, and after a deadline cut the rest.
 *
 * Pattern: graceful shutdown. Two clients finish in time, one keeps its
 * connection open and idle; it is cut at the deadline and reads the end.
 * Expected: CLEAN.
 */
#include <sys/socket.h>
#include "scenarios/check.h"

enum {
    CLIENTS = 3,
    IDLE = 2
};

struct server {
    int listener;
    struct go_mutex mu;
    int open[CLIENTS], nopen; /* [mu] connections, -1: closed */
    struct go_waitgroup acceptor, conns;
};

static void serve(struct server *s, int conn, int slot)
{
    char buf[16];
    ssize_t n;

    while ((n = go_read(conn, buf, sizeof buf)) > 0)
        go_write(conn, buf, (size_t)n);
    go_mutex_lock(&s->mu);
    s->open[slot] = -1;
    go_mutex_unlock(&s->mu);
    go_close(conn);
}

static void accept_all(struct server *s)
{
    int conn;

    while ((conn = go_accept(s->listener)) >= 0) {
        go_mutex_lock(&s->mu);
        int slot = s->nopen++;
        s->open[slot] = conn;
        go_mutex_unlock(&s->mu);
        go_waitgroup_go(&s->conns, serve, s, conn, slot);
    }
}

static void tell_when_drained(struct server *s, chan(bool) drained)
{
    go_waitgroup_wait(&s->conns);
    chan_close(drained);
}

/* Ends the connections that are still open: their servers read the end. */
static int cut(struct server *s)
{
    int n = 0;

    go_mutex_lock(&s->mu);
    for (int i = 0; i < s->nopen; i++)
        if (s->open[i] >= 0) {
            shutdown(s->open[i], SHUT_RDWR);
            n++;
        }
    go_mutex_unlock(&s->mu);
    return n;
}

static int server_shutdown(struct server *s, go_duration patience)
{
    chan(bool) drained = chan_make(bool, 0);
    int ncut = 0;

    go_close(s->listener);
    go_waitgroup_wait(&s->acceptor);
    go(tell_when_drained, s, drained);
    if (go_select(GO_RECV(drained, NULL), GO_RECV(go_after(patience), NULL)))
        ncut = cut(s);
    chan_recv(drained);
    return ncut;
}

static void client(const char *addr, chan(bool) served, bool idle)
{
    char byte = 'x';
    int conn = go_dial(addr);

    CHECK_EQ(go_write(conn, &byte, 1), 1);
    CHECK_EQ(go_read(conn, &byte, 1), 1);
    chan_send(served, true);
    if (idle)
        CHECK_EQ(go_read(conn, &byte, 1), 0); /* until it is cut */
    go_close(conn);
}

SCENARIO(server_shutdown, .about = "drain, deadline, cut the rest",
         .clock = GO_CLOCK_REAL)
{
    char addr[64];
    struct server s = {.listener = go_listen("127.0.0.1:0")};
    struct go_waitgroup clients = {0};
    chan(bool) served = chan_make(bool, 0);

    CHECK(go_local_addr(s.listener, addr, sizeof addr) > 0);
    go_waitgroup_go(&s.acceptor, accept_all, &s);
    for (int i = 0; i < CLIENTS; i++)
        go_waitgroup_go(&clients, client, addr, served, i == IDLE);
    for (int i = 0; i < CLIENTS; i++)
        chan_recv(served);
    CHECK(server_shutdown(&s, 30 * GO_MILLISECOND) >= 1);
    go_waitgroup_wait(&clients);
}

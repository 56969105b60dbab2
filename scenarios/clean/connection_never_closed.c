/*
 * connection_never_closed - the twin: the client closes, the server reads the
 * end.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void serve(int listener, chan(int) total)
{
    char buf[16];
    ssize_t n;
    int sum = 0, conn = go_accept(listener);

    while ((n = go_read(conn, buf, sizeof buf)) > 0)
        sum += (int)n;
    go_close(conn);
    chan_send(total, sum);
}

SCENARIO(connection_never_closed, .about = "the client hangs up",
         .clock = GO_CLOCK_REAL)
{
    char addr[64];
    int listener = go_listen("127.0.0.1:0");
    chan(int) total = chan_make(int, 0);

    go(serve, listener, total);
    CHECK(go_local_addr(listener, addr, sizeof addr) > 0);
    int conn = go_dial(addr);
    CHECK_EQ(go_write(conn, "hello", 5), 5);
    go_close(conn);
    CHECK_EQ(chan_recv(total), 5);
    go_close(listener);
}

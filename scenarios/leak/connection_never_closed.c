/*
 * connection_never_closed - a reader waits for a peer that keeps silent.
 *
 * Pattern: a client forgets to close. Expected: LEFT(1): what is behind a
 * socket may be alive, so it is an external wait and no proof of a leak.
 * Origin: the open response body of Go's net/http.
 */
#include "scenarios/check.h"

static void serve(int listener)
{
    char buf[16];
    int conn = go_accept(listener);

    while (go_read(conn, buf, sizeof buf) > 0)
        ;
    go_close(conn);
}

SCENARIO(connection_never_closed, .about = "the client never hangs up",
         .expect = EXPECT_LEFT(1), .clock = GO_CLOCK_REAL)
{
    char addr[64];
    int listener = go_listen("127.0.0.1:0");

    go(serve, listener);
    CHECK(go_local_addr(listener, addr, sizeof addr) > 0);
    int conn = go_dial(addr);
    CHECK_EQ(go_write(conn, "hello", 5), 5);
}

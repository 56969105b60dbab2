/*
 * close_nil - the twin: made, then closed; a receive finds the end.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

SCENARIO(close_nil, .about = "close of a channel that was made")
{
    chan(int) c = chan_make(int, 1);
    int v = 7;

    chan_send(c, 1);
    chan_close(c);
    CHECK(chan_recv_ok(c, &v));
    CHECK_EQ(v, 1);
    CHECK(!chan_recv_ok(c, &v));
    CHECK_EQ(v, 0);
}

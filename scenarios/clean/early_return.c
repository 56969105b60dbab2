/*
 * early_return - the twin: room for one value is all that it takes.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void answer(chan(int) c)
{
    go_sleep(10 * GO_MILLISECOND);
    chan_send(c, 42);
}

SCENARIO(early_return, .about = "time-out, and a buffer for the answer")
{
    chan(int) c = chan_make(int, 1);

    go(answer, c);
    CHECK_EQ(
        go_select(GO_RECV(c, NULL), GO_RECV(go_after(GO_MILLISECOND), NULL)),
        1);
}

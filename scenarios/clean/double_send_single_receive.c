/*
 * double_send_single_receive - the twin: one way out, one answer.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void ask(chan(int) reply, bool bad)
{
    chan_send(reply, bad ? -EINVAL : 1);
}

SCENARIO(double_send_single_receive, .about = "one answer to one question")
{
    chan(int) reply = chan_make(int, 0);

    go(ask, reply, true);
    CHECK_EQ(chan_recv(reply), -EINVAL);
}

/*
 * double_send_single_receive - sends the error, and then the result, too.
 *
 * Pattern: a return is missing after the error was sent. Expected: LEAK(1).
 * Origin: classic.
 */
#include "scenarios/check.h"

static void ask(chan(int) reply, bool bad)
{
    if (bad)
        chan_send(reply, -EINVAL); /* the bug: no return */
    chan_send(reply, 1);
}

SCENARIO(double_send_single_receive, .about = "two answers to one question",
         .expect = EXPECT_LEAK(1))
{
    chan(int) reply = chan_make(int, 0);

    go(ask, reply, true);
    CHECK_EQ(chan_recv(reply), -EINVAL);
}

/*
 * two_leaks_one_channel - the twin: each takes turns, one sends, one receives.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void answer(chan(int) c, int n)
{
    chan_send(c, n);
}

static void ask(chan(int) c, int n)
{
    CHECK_EQ(chan_recv(c), n);
}

SCENARIO(two_leaks_one_channel, .about = "one sender, one receiver")
{
    chan(int) c = chan_make(int, 0);

    go(answer, c, 1);
    go(ask, c, 1);
}

/*
 * first_result_wins - the twin: room for the answers of all.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void replica(chan(int) c, int id)
{
    go_sleep(id * GO_MILLISECOND);
    chan_send(c, id);
}

SCENARIO(first_result_wins, .about = "the losers leave their answers")
{
    chan(int) c = chan_make(int, 3);

    for (int i = 1; i <= 3; i++)
        go(replica, c, i);
    CHECK_EQ(chan_recv(c), 1);
}

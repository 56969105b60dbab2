/*
 * first_result_wins - three ask, one answer is taken.
 *
 * Pattern: racing replicas over an unbuffered channel. Expected: LEAK(2): the
 * losers. Origin: Go talk "Concurrency patterns", search 3.0 done wrong.
 */
#include "scenarios/check.h"

static void replica(chan(int) c, int id)
{
    go_sleep(id * GO_MILLISECOND);
    chan_send(c, id);
}

SCENARIO(first_result_wins, .about = "the losers of a race stay behind",
         .expect = EXPECT_LEAK(2))
{
    chan(int) c = chan_make(int, 0);

    for (int i = 1; i <= 3; i++)
        go(replica, c, i);
    CHECK_EQ(chan_recv(c), 1);
}

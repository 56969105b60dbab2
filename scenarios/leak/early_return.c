/*
 * early_return - the caller gives up, the answer has nobody to go to.
 *
 * Pattern: time-out path of an unbuffered request. Expected: LEAK(1), a
 * sender without a receiver. Origin: the best known leak of Go.
 */
#include "scenarios/check.h"

static void answer(chan(int) c)
{
    go_sleep(10 * GO_MILLISECOND);
    chan_send(c, 42);
}

SCENARIO(early_return, .about = "time-out leaves the sender behind",
         .expect = EXPECT_LEAK(1))
{
    chan(int) c = chan_make(int, 0);

    go(answer, c);
    CHECK_EQ(
        go_select(GO_RECV(c, NULL), GO_RECV(go_after(GO_MILLISECOND), NULL)),
        1);
}

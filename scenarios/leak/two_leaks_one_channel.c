/*
 * two_leaks_one_channel - two senders, each the other's only company.
 *
 * Pattern: both hold the channel, but neither will ever receive. Expected:
 * LEAK(2): who can only do the same half is no help.
 */
#include <vigil/scenario.h>

static void answer(chan(int) c, int n)
{
    chan_send(c, n);
}

SCENARIO(two_leaks_one_channel, .about = "two senders, no receiver",
         .expect = EXPECT_LEAK(2))
{
    chan(int) c = chan_make(int, 0);

    go(answer, c, 1);
    go(answer, c, 2);
}

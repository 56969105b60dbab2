/*
 * chan_full_self - the twin: room for all.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

SCENARIO(chan_full_self, .about = "the channel has room for all values")
{
    chan(int) c = chan_make(int, 3);

    for (int i = 0; i < 3; i++)
        chan_send(c, i);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(chan_recv(c), i);
}

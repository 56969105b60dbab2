/*
 * chan_unbuffered_self - the twin: room for one.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

SCENARIO(chan_unbuffered_self, .about = "buffered send to oneself")
{
    chan(int) c = chan_make(int, 1);

    chan_send(c, 1);
    CHECK_EQ(chan_recv(c), 1);
}

/*
 * negative_capacity - the twin: never below nothing.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

SCENARIO(negative_capacity, .about = "a channel with room for nothing")
{
    int jobs = 3, workers = 4;
    chan(int) c = chan_make(int, jobs > workers ? jobs - workers : 0);

    CHECK_EQ(chan_cap(c), 0);
    CHECK(!chan_try_send(c, 1));
}

/*
 * negative_capacity - a channel with room for -1.
 *
 * Pattern: a computed size that went wrong. Expected: PANIC "makechan: size
 * out of range".
 */
#include <vigil/scenario.h>

SCENARIO(negative_capacity, .about = "a channel with negative room",
         .expect = EXPECT_PANIC("makechan: size out of range"))
{
    int jobs = 3, workers = 4;
    chan(int) c = chan_make(int, jobs - workers);

    chan_send(c, 1);
}

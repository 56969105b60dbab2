/*
 * errgroup_stops_reading - the consumer fails, the producers are not told.
 *
 * Pattern: the reader of an error group's results returns at the first bad
 * one, without cancelling. Expected: LEAK(2). Origin: the MD5All example of
 * errgroup without its context.
 */
#include "scenarios/check.h"

static struct go_errgroup group;

static int digest(chan(int) sums, int file)
{
    go_sleep(file * GO_MILLISECOND);
    chan_send(sums, file == 0 ? -EIO : file);
    return 0;
}

SCENARIO(errgroup_stops_reading, .about = "the reader leaves the group alone",
         .expect = EXPECT_LEAK(2))
{
    chan(int) sums = chan_make(int, 0);

    for (int i = 0; i < 3; i++)
        go_errgroup_go(&group, digest, sums, i);
    CHECK_EQ(chan_recv(sums), -EIO);
}

/*
 * errgroup_stops_reading - the twin: senders listen to the group's context.
 *
 * Expected: CLEAN; the group returns the first error.
 */
#include "scenarios/check.h"

static int digest(struct go_context *ctx, chan(int) sums, int file)
{
    go_sleep(file * GO_MILLISECOND);
    if (file == 0)
        return -EIO;
    if (go_select(GO_RECV(go_context_done(ctx), NULL), GO_SEND(sums, file)))
        return 0;
    return go_context_err(ctx);
}

SCENARIO(errgroup_stops_reading, .about = "the group's context ends them")
{
    struct go_errgroup group = {0};
    struct go_context *ctx =
        go_errgroup_with_context(&group, go_context_background());
    chan(int) sums = chan_make(int, 0);

    for (int i = 0; i < 3; i++)
        go_errgroup_go(&group, digest, ctx, sums, i);
    CHECK_EQ(go_errgroup_wait(&group), -EIO);
    go_context_free(ctx);
}

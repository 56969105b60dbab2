/*
 * error_group - the first error cancels the others, and is returned.
 *
 * Expected: CLEAN, at the time of the error.
 */
#include "scenarios/check.h"

static int work(struct go_context *ctx, int id)
{
    go_duration d = id * 10 * GO_MILLISECOND;

    if (go_select(GO_RECV(go_context_done(ctx), NULL),
                  GO_RECV(go_after(d), NULL)) == 0)
        return go_context_err(ctx);
    return id == 3 ? -EIO : 0;
}

SCENARIO(error_group, .about = "the first error ends the group")
{
    struct go_errgroup group = {0};
    struct go_context *ctx =
        go_errgroup_with_context(&group, go_context_background());

    for (int id = 1; id <= 8; id++)
        go_errgroup_go(&group, work, ctx, id);
    CHECK_EQ(go_errgroup_wait(&group), -EIO);
    CHECK_EQ(go_now(), 30 * GO_MILLISECOND);
    CHECK_EQ(go_context_err(ctx), -ECANCELED);
    go_context_free(ctx);
}

/*
 * forgotten_child - the twin: the grandchild's context is below the child's.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void grandchild(struct go_context *ctx)
{
    chan_recv(go_context_done(ctx));
    CHECK_EQ(go_context_err(ctx), -ECANCELED);
}

static void child(struct go_context *ctx)
{
    struct go_context *own = go_context_with_cancel(ctx);

    go(grandchild, own);
    chan_recv(go_context_done(ctx));
}

SCENARIO(forgotten_child, .about = "cancel reaches the grandchild")
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    go(child, ctx);
    go_sleep(GO_MILLISECOND);
    go_context_cancel(ctx);
}

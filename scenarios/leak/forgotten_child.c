/*
 * forgotten_child - the grandchild hangs on the wrong context.
 *
 * Pattern: a context made from background instead of from the caller's.
 * Expected: LEAK(1): the parent's cancel ends the child, not the grandchild.
 * Origin: classic.
 */
#include <vigil/scenario.h>

static void grandchild(struct go_context *ctx)
{
    chan_recv(go_context_done(ctx));
}

static void child(struct go_context *ctx)
{
    struct go_context *own = go_context_with_cancel(go_context_background());

    go(grandchild, own); /* the bug: own is not below ctx */
    chan_recv(go_context_done(ctx));
}

SCENARIO(forgotten_child, .about = "a context that is not its parent's child",
         .expect = EXPECT_LEAK(1))
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    go(child, ctx);
    go_sleep(GO_MILLISECOND);
    go_context_cancel(ctx);
}

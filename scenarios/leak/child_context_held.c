/*
 * child_context_held - a child can not cancel its parent.
 *
 * Pattern: somebody waits for the end of a request, whose context is lost;
 * main cancels a step of it only. Expected: LEAK(1), proven while main has the
 * child.
 */
#include "scenarios/check.h"

static void watch(struct go_context *request)
{
    chan_recv(go_context_done(request));
}

FORGETS static struct go_context *start(void)
{
    struct go_context *request =
        go_context_with_cancel(go_context_background());

    go(watch, request);
    return go_context_with_cancel(request);
}

SCENARIO(child_context_held, .about = "only a child of the context is known",
         .expect = EXPECT_LEAK(1))
{
    struct go_context *step = start();

    look_until_stuck(1);
    CHECK_EQ(go_context_err(step), 0);
    go_context_free(step);
}

/*
 * child_context_held - the twin: main has the parent, whose cancel reaches the
 * child.
 *
 * Expected: CLEAN; looks in between prove nobody stuck.
 */
#include "scenarios/check.h"

static void watch(struct go_context *step)
{
    chan_recv(go_context_done(step));
    go_context_free(step);
}

FORGETS static struct go_context *start(void)
{
    struct go_context *request =
        go_context_with_cancel(go_context_background());

    go(watch, go_context_with_cancel(request));
    return request;
}

SCENARIO(child_context_held, .about = "the parent of the context is known")
{
    struct go_context *request = start();

    look_in_vain();
    go_context_free(request);
}

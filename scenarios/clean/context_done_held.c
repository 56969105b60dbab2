/*
 * context_done_held - the twin: main keeps the context, and cancels it.
 *
 * Expected: CLEAN; looks in between prove nobody stuck.
 */
#include "scenarios/check.h"

static void watch(chan_receiver(bool) done)
{
    chan_recv(done);
}

FORGETS static struct go_context *start(void)
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    go(watch, go_context_done(ctx));
    return ctx;
}

SCENARIO(context_done_held, .about = "the context is known",
         .origin = "go vet: lostcancel")
{
    struct go_context *ctx = start();

    look_in_vain();
    go_context_cancel(ctx);
}

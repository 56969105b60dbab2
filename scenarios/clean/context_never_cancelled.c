/*
 * context_never_cancelled - the twin: freeing the context is deferred, which
 * cancels it.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void watch(chan_receiver(bool) done, chan(bool) ended)
{
    chan_recv(done);
    chan_close(ended);
}

static void start(chan(bool) ended)
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    go_defer(go_context_free, ctx);
    go(watch, go_context_done(ctx), ended);
    go_sleep(GO_SECOND);
    CHECK_EQ(go_context_err(ctx), 0);
}

SCENARIO(context_never_cancelled, .about = "the context is freed at the end",
         .origin = "go vet: lostcancel")
{
    chan(bool) ended = chan_make(bool, 0);

    start(ended);
    CHECK(!chan_recv_ok(ended, NULL));
}

/*
 * context_never_cancelled - the cancel handle is dropped.
 *
 * Pattern: with_cancel, and a return without cancel. Expected: LEAK(1).
 * Origin: what go vet calls lostcancel.
 */
#include <vigil/scenario.h>

static void watch(struct go_context *ctx)
{
    chan_recv(go_context_done(ctx));
}

static void start(void)
{
    go(watch, go_context_with_cancel(go_context_background()));
}

SCENARIO(context_never_cancelled, .about = "the cancel handle is lost",
         .expect = EXPECT_LEAK(1), .origin = "go vet: lostcancel")
{
    start();
}

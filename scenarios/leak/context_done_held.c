/*
 * context_done_held - many listen for the end that nobody can bring.
 *
 * Pattern: the context is lost, only its done channel is passed on. Expected:
 * LEAK(1), proven while main holds that channel: who holds done can not
 * cancel. Origin: what go vet calls lostcancel, seen from the listener.
 */
#include "scenarios/check.h"

static void watch(chan_receiver(bool) done)
{
    chan_recv(done);
}

FORGETS static chan_receiver(bool) start(void)
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    go(watch, go_context_done(ctx));
    return go_context_done(ctx); /* the bug: nobody has ctx any more */
}

SCENARIO(context_done_held, .about = "only the done channel is known",
         .expect = EXPECT_LEAK(1), .origin = "go vet: lostcancel")
{
    chan_receiver(bool) done = start();

    look_until_stuck(1);
    CHECK(chan_try_recv(done, NULL) == 0);
}

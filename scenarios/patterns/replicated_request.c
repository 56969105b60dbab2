/*
 * replicated_request - three copies, the first answer cancels the other two.
 *
 * Expected: CLEAN, in the time of the fastest. Origin: Dean and Barroso, "The
 * tail at scale", 2013.
 */
#include "scenarios/check.h"

static void ask(struct go_context *ctx, chan(int) out, int id, go_duration d)
{
    if (go_select(GO_RECV(go_context_done(ctx), NULL),
                  GO_RECV(go_after(d), NULL)))
        go_select(GO_RECV(go_context_done(ctx), NULL), GO_SEND(out, id));
}

SCENARIO(replicated_request, .about = "the first of three cancels the rest",
         .origin = "Dean, Barroso 2013")
{
    static const int ms[] = {70, 20, 45};
    struct go_context *ctx = go_context_with_cancel(go_context_background());
    struct go_waitgroup wg = {0};
    chan(int) out = chan_make(int, 0);

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, ask, ctx, out, i, ms[i] * GO_MILLISECOND);
    CHECK_EQ(chan_recv(out), 1);
    go_context_cancel(ctx);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_now(), 20 * GO_MILLISECOND);
    go_context_free(ctx);
}

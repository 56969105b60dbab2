/*
 * cockroach_18101 - a splitter fills a channel that its reader has left.
 *
 * A restore reads the ranges that a splitter finds. At the first one it waits
 * for the cancel of its context and leaves. The splitter never looks at the
 * context: it sends two more ranges than the channel has room for. The fix:
 * each send is a select with the context's end.
 *
 * Class: communication. Expected: LEAK(1), the splitter.
 */
#include <vigil/scenario.h>

#define ROOM 6

static bool send_range(chan(bool) ranges, struct go_context *ctx)
{
    (void)ctx; /* the bug: a reader that has left is not noticed */
    chan_send(ranges, true);
    return true;
}

static bool send_range_fixed(chan(bool) ranges, struct go_context *ctx)
{
    return go_select(GO_SEND(ranges, true),
                     GO_RECV(go_context_done(ctx), NULL)) == 0;
}

typedef bool send_way(chan(bool), struct go_context *);

static void splitter(chan(bool) ranges, struct go_context *ctx, send_way *send)
{
    go_defer_close(ranges);
    for (int i = 0; i < ROOM + 2; i++)
        if (!send(ranges, ctx))
            return;
}

static void restore(struct go_context *ctx, send_way *send)
{
    chan(bool) ranges = chan_make(bool, ROOM);

    go(splitter, ranges, ctx, send);
    chan_range(range, ranges) {
        (void)range;
        if (go_select(GO_RECV(go_context_done(ctx), NULL)) == 0)
            return;
    }
}

static void canceller(struct go_context *ctx)
{
    go_context_cancel(ctx);
}

static void run_job(send_way *send)
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    go(restore, ctx, send);
    go(canceller, ctx);
}

SCENARIO(cockroach_18101, .about = "sends to a reader that was cancelled",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer cockroach_18101", .class = "communication")
{
    run_job(send_range);
}

SCENARIO(cockroach_18101_fixed, .about = "sends until the cancel",
         .explore = true, .origin = "GoKer cockroach_18101",
         .class = "communication")
{
    run_job(send_range_fixed);
}

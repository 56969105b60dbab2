/*
 * grpc_862 - a connection that nobody wants tries again for ever.
 *
 * What it did: dialling makes a context for the connection, starts who
 * connects, and waits for a result or the caller's cancel. Who connects tries,
 * waits a little longer each time, and tries again, until the connection's
 * context is done. When the caller had cancelled, dialling closed the
 * connection that it was to return.
 * Why it bites: at that point it returns none, so there is nothing to close,
 * and nobody cancels the connection's context.
 * The fix: a dial that hands back no connection cancels its context.
 * Class: communication (context). Expected: LEFT, not LEAK, of who connects:
 * its timers wake it for ever. Origin: GoKer grpc_862.
 */
#include <vigil/scenario.h>

#define CONNECT_TIMEOUT (10 * GO_NANOSECOND)
#define BACK_OFF        (2 * GO_NANOSECOND)

/* As many rounds as it goes on for after main: as good as for ever. */
#define WATCHED GO_MICROSECOND

static void try_to_connect(struct go_context *address)
{
    struct go_context *attempt =
        go_context_with_timeout(address, CONNECT_TIMEOUT);

    go_context_free(attempt); /* cancelled at once: it fails */
}

static void keep_connecting(struct go_context *connection)
{
    struct go_context *address = go_context_with_cancel(connection);

    go_name("connector");
    for (int round = 1;; round++) {
        go_instant begun = go_now();

        try_to_connect(address);
        if (go_select(
                GO_RECV(go_after(round * BACK_OFF - go_since(begun)), NULL),
                GO_RECV(go_context_done(address), NULL)) == 1)
            break;
    }
    go_context_free(address);
}

/* What it leaves with: the connection that it hands back, here none. */
static void leave(struct go_context *dialling, struct go_context *connection,
                  struct go_context *handed_back)
{
    (void)connection;
    if (go_select(GO_RECV(go_context_done(dialling), NULL), GO_DEFAULT) == 0 &&
        handed_back)
        go_context_cancel(handed_back);
}

static void leave_fixed(struct go_context *dialling,
                        struct go_context *connection,
                        struct go_context *handed_back)
{
    (void)dialling;
    if (!handed_back)
        go_context_cancel(connection);
}

typedef void leave_fn(struct go_context *, struct go_context *,
                      struct go_context *);

static void dial(struct go_context *dialling, leave_fn *leaver)
{
    struct go_context *connection =
        go_context_with_cancel(go_context_background());

    go_name("dialler");
    go_label(connection, "connection");
    go(keep_connecting, connection);
    leaver(dialling, connection, NULL);
}

static void cancel(struct go_context *dialling)
{
    go_name("caller");
    go_context_cancel(dialling);
}

static void dial_and_cancel(leave_fn *leaver)
{
    struct go_context *dialling =
        go_context_with_cancel(go_context_background());

    go(dial, dialling, leaver);
    go(cancel, dialling);
}

SCENARIO(grpc_862, .about = "a cancelled dial goes on connecting",
         .expect = EXPECT_LEFT(1), .explore = true, .origin = "GoKer grpc_862",
         .settle = WATCHED, .class = "communication")
{
    dial_and_cancel(leave);
}

SCENARIO(grpc_862_fixed, .about = "a cancelled dial cancels its connection",
         .explore = true, .origin = "GoKer grpc_862", .settle = WATCHED,
         .class = "communication")
{
    dial_and_cancel(leave_fixed);
}

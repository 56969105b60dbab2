/*
 * cockroach_13755 - rows that are never closed keep a watcher for ever.
 *
 * A query starts a watcher that closes the rows when the query's context is
 * done. Nobody cancels that context: close, whose business it is, does nothing,
 * and who asked leaves without calling it. The fix: close cancels, and the one
 * who asked closes.
 *
 * Class: communication. Expected: LEAK(1), the watcher.
 */
#include <vigil/scenario.h>

static struct rows {
    struct go_context *ctx;
} rows;

static void close_rows(struct rows *r)
{
    (void)r; /* the bug: does not cancel */
}

static void close_rows_fixed(struct rows *r)
{
    go_context_cancel(r->ctx);
}

static void watcher(struct rows *r, void (*close)(struct rows *))
{
    chan_recv(go_context_done(r->ctx));
    close(r);
}

static void query(void (*close)(struct rows *))
{
    rows.ctx = go_context_with_cancel(go_context_background());
    go(watcher, &rows, close);
}

SCENARIO(cockroach_13755, .about = "nobody closes the rows",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer cockroach_13755", .class = "communication")
{
    query(close_rows); /* the bug: and no call of it */
}

SCENARIO(cockroach_13755_fixed, .about = "the rows are closed, which cancels",
         .explore = true, .origin = "GoKer cockroach_13755",
         .class = "communication")
{
    query(close_rows_fixed);
    close_rows_fixed(&rows);
}

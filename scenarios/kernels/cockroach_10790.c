/*
 * cockroach_10790 - who drains after a cancel waits for more than will come.
 *
 * A beginner receives one value from each of two channels. When the context
 * is cancelled it spawns a drainer for them, so that their sender does not
 * hang, and goes on. But the drainer begins with the first channel again, and
 * waits without an end: the sender offers at most one value to each channel,
 * gives up at the cancel too, and some of its values were received before.
 * The fix: one drainer, for the channels that are left, which also ends when
 * the replica halts.
 *
 * Class: communication. Expected: LEAKS(1, 2), drainers.
 */
#include <vigil/scenario.h>

#define COMMANDS 2

static struct replica {
    chan(bool) results[COMMANDS];
    struct go_context *ctx;
    struct go_mutex mu;
    bool halting;    /* [mu] */
    chan(bool) halt; /* only closed */
} replica;

static void sender(struct replica *r)
{
    for (int i = 0; i < COMMANDS; i++)
        if (go_select(GO_SEND(r->results[i], true),
                      GO_RECV(go_context_done(r->ctx), NULL)) == 1)
            return;
}

/* Whether the result came; if not, the context was cancelled. */
static bool receive(struct replica *r, int i)
{
    return go_select(GO_RECV(r->results[i], NULL),
                     GO_RECV(go_context_done(r->ctx), NULL)) == 0;
}

static void drainer(struct replica *r)
{
    for (int i = 0; i < COMMANDS; i++)
        chan_recv(r->results[i]); /* the bug: who says that any will come? */
}

static void beginner(struct replica *r)
{
    for (int i = 0; i < COMMANDS; i++)
        if (!receive(r, i))
            go(drainer, r);
}

static void drainer_fixed(struct replica *r, int from)
{
    for (int i = from; i < COMMANDS; i++)
        if (go_select(GO_RECV(r->results[i], NULL), GO_RECV(r->halt, NULL)))
            return;
}

static void beginner_fixed(struct replica *r)
{
    for (int i = 0; i < COMMANDS; i++)
        if (!receive(r, i)) {
            go(drainer_fixed, r, i);
            return;
        }
}

static void canceller(struct replica *r)
{
    go_context_cancel(r->ctx);
}

static void halt(struct replica *r)
{
    go_mutex_lock(&r->mu);
    if (!r->halting) {
        r->halting = true;
        chan_close(r->halt);
    }
    go_mutex_unlock(&r->mu);
}

static void begin_commands(void (*begin)(struct replica *))
{
    replica.ctx = go_context_with_cancel(go_context_background());
    replica.halt = chan_make(bool, 0);
    for (int i = 0; i < COMMANDS; i++) {
        replica.results[i] = chan_make(bool, 0);
        chan_name(replica.results[i], i ? "second result" : "first result");
    }
    go(sender, &replica);
    go(begin, &replica);
    go(canceller, &replica);
    halt(&replica);
}

SCENARIO(cockroach_10790, .about = "drains what may never be sent",
         .expect = EXPECT_LEAKS(1, 2), .explore = true,
         .origin = "GoKer cockroach_10790", .class = "communication")
{
    begin_commands(beginner);
}

SCENARIO(cockroach_10790_fixed, .about = "drains what is left, until the halt",
         .explore = true, .origin = "GoKer cockroach_10790",
         .class = "communication")
{
    begin_commands(beginner_fixed);
}

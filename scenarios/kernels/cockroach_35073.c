/*
 * cockroach_35073 - an outbox fails, and does not tell who feeds it.
 *
 * Rows are pushed to a channel as long as its consumer wants more. The
 * consumer, an outbox, fails at once and leaves without a word: its state still
 * says "need more" and the channel stays full. So a pusher that is waiting for
 * room waits for ever, and whoever pushes next as well. The fix: the outbox
 * says that it is closed, and then takes one row out, for the pusher that was
 * already committed to its send.
 *
 * Class: communication. Expected: DEADLOCK, of main and the pusher.
 */
#include <vigil/scenario.h>

#define ROOM 16

enum consumer_status {
    NEED_MORE,
    DRAIN_REQUESTED,
    CONSUMER_CLOSED,
};

static struct go_atomic status; /* enum consumer_status */
static struct go_waitgroup outboxes, pushers;

static void push(chan(int) rows)
{
    if (go_atomic_load(&status) == NEED_MORE)
        chan_send(rows, 1);
}

static void pusher(chan(int) rows)
{
    push(rows);
    go_waitgroup_done(&pushers);
}

static void fail(chan(int) rows)
{
    (void)rows; /* the bug: nobody is told */
}

static void fail_fixed(chan(int) rows)
{
    go_atomic_store(&status, CONSUMER_CLOSED);
    go_select(GO_RECV(rows, NULL), GO_DEFAULT);
}

static void outbox(chan(int) rows, void (*fails)(chan(int)))
{
    fails(rows);
    go_waitgroup_done(&outboxes);
}

static void feed(void (*fails)(chan(int)))
{
    chan(int) rows = chan_make(int, ROOM);

    for (int i = 0; i < ROOM; i++)
        push(rows);
    go_waitgroup_add(&pushers, 1);
    go(pusher, rows);
    go_waitgroup_add(&outboxes, 1);
    go(outbox, rows, fails);
    go_waitgroup_wait(&outboxes);
    push(rows);
}

SCENARIO(cockroach_35073, .about = "the consumer fails, and does not say so",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer cockroach_35073", .class = "communication")
{
    feed(fail);
}

SCENARIO(cockroach_35073_fixed, .about = "the consumer closes, and makes room",
         .explore = true, .origin = "GoKer cockroach_35073",
         .class = "communication")
{
    feed(fail_fixed);
}

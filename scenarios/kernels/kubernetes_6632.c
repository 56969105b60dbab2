/*
 * kubernetes_6632 - a reset is sent under the lock that its reader needs.
 *
 * A connection's writer sends a reset with the write lock held. The monitor,
 * which would receive it, has been told to close instead: it takes the write
 * lock to close the reset channel, and receives no more. The fix: the monitor
 * first starts a goroutine that drains the channel until it is closed.
 *
 * Class: mixed (channel and lock). Expected: LEAK(2) in schedules in which the
 * writer locks first: the writer at its send, the monitor at the lock. Origin:
 * GoKer kubernetes_6632.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

struct connection {
    chan(bool) closing;
    struct go_mutex write_lock;
    chan(int) reset; /* [write_lock] NULL: closed */
};

static void handler(struct connection *c)
{
    go_name("handler");
    chan_send(c->closing, true);
}

static void drain(chan(int) reset)
{
    go_name("drainer");
    chan_range(stream, reset)
        (void)stream;
}

static void monitor(struct connection *c, bool drains)
{
    chan(int) reset = c->reset;

    go_name("monitor");
    go_select(GO_RECV(c->closing, NULL));
    if (drains)
        go(drain, reset); /* the fix */
    go_mutex_lock(&c->write_lock);
    chan_close(reset);
    c->reset = NULL;
    go_mutex_unlock(&c->write_lock);
}

static void writer(struct connection *c)
{
    go_name("writer");
    go_mutex_lock(&c->write_lock);
    if (c->reset)
        chan_send(c->reset, 1);
    go_mutex_unlock(&c->write_lock);
}

static void serve(bool drains)
{
    struct connection *c = calloc(1, sizeof(*c));

    c->closing = chan_make(bool, 0);
    c->reset = chan_make(int, 0);
    chan_name(c->closing, "closing");
    chan_name(c->reset, "reset");
    go(handler, c);
    go(monitor, c, drains);
    go(writer, c);
}

SCENARIO(kubernetes_6632, .about = "a send under the lock of its receiver",
         .expect = EXPECT_LEAK(2), .explore = true,
         .origin = "GoKer kubernetes_6632", .class = "mixed")
{
    serve(false);
}

SCENARIO(kubernetes_6632_fixed, .about = "drained until it is closed",
         .explore = true, .origin = "GoKer kubernetes_6632", .class = "mixed")
{
    serve(true);
}

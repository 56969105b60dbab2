/*
 * syncthing_5795 - a callback waits for the end of who calls it.
 *
 * A dispatcher hands each message to a callback. One callback closes the
 * connection, which waits until the dispatcher has stopped: in the dispatcher,
 * which can not stop before the callback returns. The fix: the close runs in a
 * goroutine of its own, and the callback returns at once.
 *
 * Class: communication (waits for itself). Expected: DEADLOCK, in every
 * schedule: the dispatcher in its callback and main, both for the dispatcher's
 * end. Origin: GoKer syncthing_5795.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define CLUSTER_CONFIG 1

struct connection {
    chan(int) inbox;
    chan(bool) closed, dispatcher_stopped;
    struct go_once close_once;
    bool closes_apart; /* the fix */
};

static void reader(struct connection *c)
{
    go_name("reader");
    while (go_select(GO_RECV(c->closed, NULL), GO_DEFAULT) != 0)
        go_yield(); /* a busy loop */
}

static void shut(struct connection *c)
{
    chan_close(c->closed);
    chan_recv(c->dispatcher_stopped);
}

static void close_now(struct connection *c)
{
    go_once_do(&c->close_once, shut, c);
}

static void cluster_config(struct connection *c)
{
    if (c->closes_apart)
        go(close_now, c);
    else
        close_now(c); /* the bug: this is the dispatcher */
}

static void dispatcher(struct connection *c)
{
    int message;

    go_name("dispatcher");
    go_defer_close(c->dispatcher_stopped);
    while (go_select(GO_RECV(c->inbox, &message), GO_RECV(c->closed, NULL)) ==
               0 &&
           message == CLUSTER_CONFIG)
        cluster_config(c);
}

static void configure(bool closes_apart)
{
    struct connection *c = calloc(1, sizeof(*c));

    c->inbox = chan_make(int, 0);
    c->closed = chan_make(bool, 0);
    c->dispatcher_stopped = chan_make(bool, 0);
    c->closes_apart = closes_apart;
    chan_name(c->inbox, "inbox");
    chan_name(c->closed, "closed");
    chan_name(c->dispatcher_stopped, "dispatcher stopped");
    go(reader, c);
    go(dispatcher, c);
    chan_send(c->inbox, CLUSTER_CONFIG);
    chan_recv(c->dispatcher_stopped);
}

SCENARIO(syncthing_5795, .about = "a callback waits for its caller's end",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer syncthing_5795", .class = "communication")
{
    configure(false);
}

SCENARIO(syncthing_5795_fixed, .about = "the callback closes in a goroutine",
         .explore = true, .origin = "GoKer syncthing_5795",
         .class = "communication")
{
    configure(true);
}

/*
 * kubernetes_30872 - an informer and its queue lock each other.
 *
 * What it did: an informer's loop pops from a queue, which calls the informer
 * back with the queue locked: that locks the informer. A handler locks the
 * informer to ask whether the queue has synced: that locks the queue.
 * Why it bites: each has one and wants the other.
 * The fix: the handler reads under the informer's lock where to ask, gives the
 * lock back, and asks then.
 * Class: resource (locks). Expected: LEAK of loop and handler; who would stop
 * the loop may be stuck behind them. Origin: GoKer kubernetes_30872.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

struct informer {
    struct go_mutex mu;
    struct go_rwmutex queue;
    chan(bool) stop; /* [mu] made when it starts */
};

static void pop(struct informer *i)
{
    go_rwmutex_lock(&i->queue);
    go_mutex_lock(&i->mu); /* the callback */
    go_mutex_unlock(&i->mu);
    go_rwmutex_unlock(&i->queue);
}

static void run_informer(struct informer *i, chan_receiver(bool) stop)
{
    go_name("loop");
    while (go_select(GO_RECV(stop, NULL), GO_DEFAULT) == 1) {
        pop(i);
        go_yield();
    }
}

static void stop_informer(struct informer *i, chan_receiver(bool) stop)
{
    go_name("stopper");
    chan_recv(stop);
    go_mutex_lock(&i->mu);
    chan_close(i->stop);
    go_mutex_unlock(&i->mu);
}

static void queue_has_synced(struct informer *i)
{
    go_rwmutex_lock(&i->queue);
    go_rwmutex_unlock(&i->queue);
}

static void handle(struct informer *i)
{
    go_name("handler");
    go_mutex_lock(&i->mu);
    queue_has_synced(i); /* with the informer locked */
    go_mutex_unlock(&i->mu);
}

static void handle_fixed(struct informer *i)
{
    go_name("handler");
    go_mutex_lock(&i->mu);
    go_mutex_unlock(&i->mu);
    queue_has_synced(i);
}

static void control(void (*handler)(struct informer *))
{
    struct informer *i = calloc(1, sizeof(*i));
    chan(bool) stop = chan_make(bool, 0);

    chan_name(stop, "controller's stop");
    go_mutex_lock(&i->mu);
    i->stop = chan_make(bool, 0);
    chan_name(i->stop, "informer's stop");
    go(run_informer, i, chan_as_receiver(i->stop));
    go_mutex_unlock(&i->mu);
    go(stop_informer, i, chan_as_receiver(stop));
    go(handler, i);
    chan_close(stop);
}

SCENARIO(kubernetes_30872,
         .about = "informer, then queue; queue, then informer",
         .expect = EXPECT_LEAKS(2, 3), .explore = true,
         .origin = "GoKer kubernetes_30872", .class = "resource")
{
    control(handle);
}

SCENARIO(kubernetes_30872_fixed, .about = "the informer is not kept locked",
         .explore = true, .origin = "GoKer kubernetes_30872",
         .class = "resource")
{
    control(handle_fixed);
}

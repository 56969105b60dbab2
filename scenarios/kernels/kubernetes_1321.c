/*
 * kubernetes_1321 - an event is sent to a watcher who is about to go.
 *
 * What it did: a multiplexer sends each event to all its watchers, with its
 * lock held. A watcher who stops takes that lock, to be struck off the list
 * and to have its channel closed.
 * Why it bites: nobody receives any more; the multiplexer waits, with the
 * lock, for a close that needs the lock.
 * The fix: who stops closes a second channel first, without the lock, and a
 * send ends by that, too.
 * Class: mixed (channel and locks). Expected: LEAK of both. Origin: GoKer
 * kubernetes_1321.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define EVENTS 100

struct watcher {
    chan(int) result;
    chan(bool) stopped; /* of the fix */
    bool listed;        /* [both locks] for who reads it */
};

struct mux {
    struct go_mutex mu;
    struct go_mutex table; /* who is listed */
    struct watcher watcher;
};

static void send(struct watcher *w)
{
    chan_send(w->result, 1);
}

static void send_fixed(struct watcher *w)
{
    go_select(GO_SEND(w->result, 1), GO_RECV(w->stopped, NULL));
}

static void distribute(struct mux *m, void (*send_to)(struct watcher *))
{
    go_name("distributor");
    for (int i = 0; i < EVENTS; i++) {
        go_mutex_lock(&m->mu);
        go_mutex_lock(&m->table);
        if (m->watcher.listed)
            send_to(&m->watcher);
        go_mutex_unlock(&m->table);
        go_mutex_unlock(&m->mu);
    }
}

static void watch(struct mux *m)
{
    go_mutex_lock(&m->table);
    m->watcher.listed = true;
    go_mutex_unlock(&m->table);
}

static void stop(struct mux *m)
{
    go_mutex_lock(&m->mu);
    m->watcher.listed = false;
    chan_close(m->watcher.result);
    go_mutex_unlock(&m->mu);
}

static void stop_fixed(struct mux *m)
{
    chan_close(m->watcher.stopped);
    stop(m);
}

static void watch_and_stop(void (*send_to)(struct watcher *),
                           void (*stop_it)(struct mux *))
{
    struct mux *m = calloc(1, sizeof(*m));

    go_name("watcher");
    m->watcher.result = chan_make(int, 0);
    m->watcher.stopped = chan_make(bool, 0);
    chan_name(m->watcher.result, "result");
    chan_name(m->watcher.stopped, "stopped");
    go(distribute, m, send_to);
    watch(m);
    stop_it(m);
}

SCENARIO(kubernetes_1321, .about = "a send that only a close can end",
         .expect = EXPECT_LEAK(2), .explore = true,
         .origin = "GoKer kubernetes_1321", .class = "mixed")
{
    go(watch_and_stop, send, stop);
}

SCENARIO(kubernetes_1321_fixed, .about = "a send that a stop ends",
         .explore = true, .origin = "GoKer kubernetes_1321", .class = "mixed")
{
    go(watch_and_stop, send_fixed, stop_fixed);
}

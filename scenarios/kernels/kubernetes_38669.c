/*
 * kubernetes_38669 - a watch is stopped before its first event is taken.
 *
 * A cache's watcher first sends the events that it starts with, and only then
 * listens to its input, whose close ends it. Who stops it closes the input and
 * takes no more results: the first event has no receiver. The fix: stop closes
 * a channel "done" as well, and an event that is not wanted any more is
 * dropped.
 *
 * Class: communication. Expected: LEAK(1), in every schedule: a send without a
 * receiver. Origin: GoKer kubernetes_38669.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define INITIAL_EVENTS 2

struct watcher {
    chan(int) input, result;
    chan(bool) done; /* NULL: the bug */
    struct go_mutex lock;
    bool stopped; /* [lock] */
};

static void stop(struct watcher *w)
{
    go_mutex_lock(&w->lock);
    if (!w->stopped) {
        w->stopped = true;
        if (w->done)
            chan_close(w->done);
        chan_close(w->input);
    }
    go_mutex_unlock(&w->lock);
}

static void send_event(struct watcher *w, int event)
{
    if (w->done)
        go_select(GO_SEND(w->result, event), GO_RECV(w->done, NULL));
    else
        chan_send(w->result, event);
}

static void process(struct watcher *w)
{
    go_name("watcher");
    for (int event = 0; event < INITIAL_EVENTS; event++)
        send_event(w, event);
    go_defer_close(w->result);
    go_defer(stop, w);
    chan_range(event, w->input)
        send_event(w, event);
}

static void watch_and_stop(chan(bool) done)
{
    struct watcher *w = calloc(1, sizeof(*w));

    w->input = chan_make(int, 0);
    w->result = chan_make(int, 0);
    w->done = done;
    chan_name(w->input, "input");
    chan_name(w->result, "result");
    go(process, w);
    stop(w);
}

SCENARIO(kubernetes_38669, .about = "stopped before the first event is taken",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer kubernetes_38669", .class = "communication")
{
    watch_and_stop(NULL);
}

SCENARIO(kubernetes_38669_fixed, .about = "events are dropped once stopped",
         .explore = true, .origin = "GoKer kubernetes_38669",
         .class = "communication")
{
    watch_and_stop(chan_make(bool, 0));
}

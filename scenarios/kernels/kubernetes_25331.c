/*
 * kubernetes_25331 - a watch that is stopped sends one more result.
 *
 * What it did: a watch of etcd hands errors on as results. Stopping it makes
 * an error, and cancels; who gets the error cancels, too, and sends a result.
 * Why it bites: nobody reads results of a watch that was stopped.
 * The fix: the send gives up when the watch is cancelled.
 * Class: communication (channel and context). Expected: LEAK of who sends.
 * Origin: GoKer kubernetes_25331.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

struct watch {
    struct go_context *ctx;
    chan(bool) results;
    chan(bool) errors;
};

static void send_result(struct watch *w)
{
    go_context_cancel(w->ctx);
    chan_send(w->results, false);
}

static void send_result_fixed(struct watch *w)
{
    go_select(GO_SEND(w->results, false),
              GO_RECV(go_context_done(w->ctx), NULL));
}

static void run_watch(struct watch *w, void (*send)(struct watch *))
{
    go_name("watch");
    if (go_select(GO_RECV(w->errors, NULL),
                  GO_RECV(go_context_done(w->ctx), NULL)) == 0)
        send(w);
}

static void stop_watch(struct watch *w)
{
    go_name("stopper");
    chan_send(w->errors, true);
    go_context_cancel(w->ctx);
}

static void watch_and_stop(void (*send)(struct watch *))
{
    struct watch *w = calloc(1, sizeof(*w));

    w->ctx = go_context_with_cancel(go_context_background());
    w->results = chan_make(bool, 0);
    w->errors = chan_make(bool, 0);
    chan_name(w->results, "results");
    chan_name(w->errors, "errors");
    go(run_watch, w, send);
    go(stop_watch, w);
}

SCENARIO(kubernetes_25331, .about = "a result that nobody reads",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer kubernetes_25331", .class = "communication")
{
    watch_and_stop(send_result);
}

SCENARIO(kubernetes_25331_fixed, .about = "a result, or a cancel",
         .explore = true, .origin = "GoKer kubernetes_25331",
         .class = "communication")
{
    watch_and_stop(send_result_fixed);
}

/*
 * kubernetes_5316 - a request times out, its worker answers nobody.
 *
 * A request waits for success, for an error, or a millisecond. The work takes
 * two. Its answer then has no receiver, whichever it is. The fix: both
 * channels have room for the answer.
 *
 * Class: communication (time-out). Expected: LEAK(1) in every schedule in
 * which the time-out is the first: a send without a receiver. Origin: GoKer
 * kubernetes_5316.
 */
#include <vigil/scenario.h>

static void worker(chan(int) ok, chan(int) error)
{
    go_name("worker");
    go_sleep(2 * GO_MILLISECOND);
    if (go_choose(5) < 3)
        chan_send(ok, 1);
    else
        chan_send(error, -EIO);
}

static void request(int room)
{
    chan(int) ok = chan_make(int, room), error = chan_make(int, room);

    go_name("request");
    chan_name(ok, "ok");
    chan_name(error, "error");
    go(worker, ok, error);
    go_select(GO_RECV(ok, NULL), GO_RECV(error, NULL),
              GO_RECV(go_after(GO_MILLISECOND), NULL));
}

SCENARIO(kubernetes_5316, .about = "a time-out leaves the worker behind",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer kubernetes_5316", .class = "communication")
{
    go(request, 0);
}

SCENARIO(kubernetes_5316_fixed, .about = "room for an answer that is too late",
         .explore = true, .origin = "GoKer kubernetes_5316",
         .class = "communication")
{
    go(request, 1);
}

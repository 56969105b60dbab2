/*
 * moby_33781 - the monitor stops, and its probe still has a result.
 *
 * A health monitor starts a probe in each round and waits for its result, for
 * the probe's deadline, or to be stopped. At the deadline it still takes the
 * result; when it is stopped it does not, and the probe's send has no
 * receiver. The fix: there is room for the result.
 *
 * Class: communication (channel and context). Expected: LEAK(1) in some
 * schedules: the probe of the last round at its send. Origin: GoKer
 * moby_33781.
 */
#include <vigil/scenario.h>

#define PERIOD (50 * GO_NANOSECOND)

static void probe(chan(bool) results)
{
    go_name("probe");
    chan_send(results, true);
    chan_close(results);
}

/* Whether there is to be another round. */
static bool one_round(chan(bool) stop, int room)
{
    chan(bool) results = chan_make(bool, room);
    struct go_context *deadline =
        go_context_with_timeout(go_context_background(), PERIOD);
    int first;

    chan_name(results, "results");
    go(probe, results);
    first = go_select(GO_RECV(stop, NULL), GO_RECV(results, NULL),
                      GO_RECV(go_context_done(deadline), NULL));
    go_context_cancel(deadline);
    if (first == 2)
        chan_recv(results);
    go_context_free(deadline);
    return first != 0; /* the bug: stopped, and results not taken */
}

static void monitor(chan(bool) stop, int room)
{
    go_name("monitor");
    do {
        if (go_select(GO_RECV(stop, NULL), GO_RECV(go_after(PERIOD), NULL)) ==
            0)
            return;
    } while (one_round(stop, room));
}

static void stopper(chan(bool) stop)
{
    go_name("stopper");
    go_sleep(PERIOD);
    chan_send(stop, true);
}

static void check_health(int room)
{
    chan(bool) stop = chan_make(bool, 0);

    chan_name(stop, "stop");
    go(monitor, stop, room);
    go(stopper, stop);
}

SCENARIO(moby_33781, .about = "stopped with the probe's result not taken",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer moby_33781", .class = "communication")
{
    check_health(0);
}

SCENARIO(moby_33781_fixed, .about = "room for the result of the last probe",
         .explore = true, .origin = "GoKer moby_33781",
         .class = "communication")
{
    check_health(1);
}

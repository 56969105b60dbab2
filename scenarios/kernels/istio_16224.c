/*
 * istio_16224 - a test's handler reports with the lock that the test wants.
 *
 * What it did: a test of a configuration store registers a handler, which
 * reports that it was called with the test's lock held. The test sends an
 * event, locks once to see what the handler has noted, and then receives the
 * report. A monitor calls the handler for each event, and told to stop it
 * first empties the channel of events.
 * Why it bites: the handler comes to the lock first, and both wait for each
 * other. If the test comes first, it goes through; but then the monitor, told
 * to stop, waits for an event that nobody sends.
 * The fix: the handler unlocks, then reports; and the monitor just stops.
 * Class: mixed (channel and lock). Expected: DEADLOCK of test and monitor, or
 * LEAK of the monitor. Origin: GoKer istio_16224.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

struct test {
    struct go_mutex mu;
    chan(bool) reports;
    bool fixed;
};

static void handle(struct test *t)
{
    go_mutex_lock(&t->mu);
    if (t->fixed)
        go_mutex_unlock(&t->mu);
    chan_send(t->reports, true);
    if (!t->fixed)
        go_mutex_unlock(&t->mu);
}

static void empty(chan(int) events)
{
    int event;

    if (chan_recv_ok(events, &event))
        chan_close(events);
}

static void monitor(struct test *t, chan(int) events, chan_receiver(bool) stop)
{
    bool ok;

    go_name("monitor");
    while (go_select(GO_RECV(stop, NULL), GO_RECV_OK(events, NULL, &ok)) == 1)
        if (ok)
            handle(t);
    if (!t->fixed)
        empty(events);
}

static void test_handler(bool fixed)
{
    struct test *t = calloc(1, sizeof(*t));
    chan(int) events = chan_make(int, 0);
    chan(bool) stop = chan_make(bool, 0);

    t->fixed = fixed;
    t->reports = chan_make(bool, 0);
    chan_name(t->reports, "reports");
    chan_name(events, "events");
    chan_name(stop, "stop");
    go(monitor, t, events, chan_as_receiver(stop));
    chan_send(events, 1);
    go_mutex_lock(&t->mu);
    go_mutex_unlock(&t->mu);
    chan_recv(t->reports);
    chan_close(stop);
}

SCENARIO(istio_16224, .about = "a report with the lock that its reader wants",
         .expect = EXPECT_STUCK(1, 1), .explore = true,
         .origin = "GoKer istio_16224", .class = "mixed")
{
    test_handler(false);
}

SCENARIO(istio_16224_fixed, .about = "a report without the lock",
         .explore = true, .origin = "GoKer istio_16224", .class = "mixed")
{
    test_handler(true);
}

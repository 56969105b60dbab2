/* global - a global has the other end, and nobody alive is left to use it. */
#include <vigil/scenario.h>

static chan(int) events;

static void report(int event)
{
    go_name("reporter");
    chan_send(events, event);
}

static void init(void)
{
    events = chan_make(int, 0);
    chan_name(events, "events");
    go(report, 1);
    go(report, 2);
}

SCENARIO(global, .about = "one of two events is read", .expect = EXPECT_LEAK(1))
{
    init();
    chan_recv(events);
}

/*
 * global_channel - the twin: every event is read.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static chan(int) events;

static void report(int event)
{
    chan_send(events, event);
}

SCENARIO(global_channel, .about = "both events are read")
{
    events = chan_make(int, 0);
    go(report, 1);
    go(report, 2);
    CHECK_EQ(chan_recv(events) + chan_recv(events), 3);
}

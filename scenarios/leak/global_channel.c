/*
 * global_channel - a global keeps the channel known, nobody uses it.
 *
 * Pattern: an event queue that is only read while the program starts.
 * Expected: LEAK(1), proven at the end only: while anything lives it could
 * take the channel from the global. Origin: the limit that Go's goroutine
 * leak profile names first.
 */
#include "scenarios/check.h"

static chan(int) events;

static void report(int event)
{
    chan_send(events, event);
}

SCENARIO(global_channel, .about = "a sender on a global channel",
         .expect = EXPECT_LEAK(1))
{
    events = chan_make(int, 0);
    go(report, 1);
    go(report, 2);
    chan_recv(events);
    go_sleep(GO_MILLISECOND);
    CHECK_EQ(go_check(), 0); /* main lives, and could read it */
}

/*
 * channel_known_only_to_a_timer - the other end is an argument of a timer.
 *
 * Looks stuck: no goroutine but the waiting one knows the channel. Is not: an
 * armed timer will call a function with it. Expected: CLEAN, and no early
 * alarm.
 */
#include "scenarios/check.h"

static void answer(chan(int) c)
{
    chan_send(c, 42);
}

static void wait(chan(bool) ended)
{
    chan(int) c = chan_make(int, 0);

    go_after_func(GO_MINUTE, answer, c);
    CHECK_EQ(chan_recv(c), 42);
    CHECK(go_now() >= GO_MINUTE); /* not "is": looks take real time, too */
    chan_close(ended);
}

SCENARIO(channel_known_only_to_a_timer, .about = "a timer has the other end")
{
    chan(bool) ended = chan_make(bool, 0);

    go(wait, ended);
    look_in_vain();
    chan_recv(ended);
}

/*
 * channel_known_only_on_another_stack - the other end is a local variable of
 * a goroutine that waits for something else.
 *
 * Looks stuck: no global and no running goroutine knows the channel. Is not:
 * a sleeper has it on its stack. Expected: CLEAN, and no early alarm.
 */
#include "scenarios/check.h"

static void waker(chan(int) c)
{
    go_sleep(GO_SECOND);
    chan_send(c, 1);
}

static void waiter(chan(bool) ended)
{
    chan(int) c = chan_make(int, 0);

    go(waker, c);
    CHECK_EQ(chan_recv(c), 1);
    chan_close(ended);
}

SCENARIO(channel_known_only_on_another_stack,
         .about = "only a sleeper's stack knows the channel")
{
    chan(bool) ended = chan_make(bool, 0);

    go(waiter, ended);
    look_in_vain();
    chan_recv(ended);
}

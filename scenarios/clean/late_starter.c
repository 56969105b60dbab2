/*
 * late_starter - the waker exists, but has not run yet.
 *
 * Looks stuck: main and ten others wait, and who will wake them is in no
 * queue of waiters. Is not: it is runnable. Expected: CLEAN.
 */
#include "scenarios/check.h"

static void waiter(chan(int) in, chan(int) out)
{
    chan_send(out, chan_recv(in) + 1);
}

static void starter(chan(int) first)
{
    chan_send(first, 0);
}

SCENARIO(late_starter, .about = "the waker has not run yet")
{
    chan(int) first = chan_make(int, 0), last = first;

    for (int i = 0; i < 10; i++) {
        chan(int) next = chan_make(int, 0);

        go(waiter, last, next);
        last = next;
    }
    go(starter, first);
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(chan_recv(last), 10);
}

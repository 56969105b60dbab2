/*
 * waker_in_a_blocking_call - who will wake main blocks a thread meanwhile.
 *
 * Looks stuck: every goroutine is parked or away. Is not: a call announced by
 * go_blocking is an external wait. Expected: CLEAN.
 */
#include <time.h>
#include "scenarios/check.h"

static int slow_library_call(int x)
{
    struct timespec pause = {.tv_nsec = 20 * GO_MILLISECOND};

    nanosleep(&pause, NULL);
    return 2 * x;
}

static void waker(chan(int) c)
{
    chan_send(c, go_blocking(slow_library_call, 21));
}

SCENARIO(waker_in_a_blocking_call, .about = "the waker is in a slow call",
         .clock = GO_CLOCK_REAL)
{
    chan(int) c = chan_make(int, 0);

    go(waker, c);
    CHECK_EQ(chan_recv(c), 42);
}

/*
 * waker_in_a_blocking_call - who will wake the waiter blocks a thread
 * meanwhile.
 *
 * Looks stuck: only a goroutine that does not come back knows the channel. Is
 * not: a call announced by go_blocking is an external wait. Expected: CLEAN,
 * and no early alarm.
 */
#include <unistd.h>
#include "scenarios/check.h"

static int read_slowly(int fd)
{
    char byte;

    while (read(fd, &byte, 1) < 0)
        continue; /* a look may interrupt it */
    return byte;
}

static void waker(chan(int) c, int fd)
{
    chan_send(c, go_blocking(read_slowly, fd));
}

static void wait(int fd, chan(bool) ended)
{
    chan(int) c = chan_make(int, 0);

    go(waker, c, fd);
    CHECK_EQ(chan_recv(c), 42);
    chan_close(ended);
}

SCENARIO(waker_in_a_blocking_call, .about = "the waker is in a slow call",
         .clock = GO_CLOCK_REAL)
{
    chan(bool) ended = chan_make(bool, 0);
    int fds[2];

    CHECK_EQ(pipe(fds), 0);
    go(wait, fds[0], ended);
    look_in_vain();
    CHECK_EQ(write(fds[1], "*", 1), 1); /* '*' is 42 */
    chan_recv(ended);
}

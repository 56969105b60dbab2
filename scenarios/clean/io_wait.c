/*
 * io_wait - main waits for a goroutine that waits for a pipe.
 *
 * Looks stuck: the write comes late, from a thread that the runtime knows
 * nothing about in between. Is not: a descriptor is an external wait.
 * Expected: CLEAN.
 */
#include <time.h>
#include <unistd.h>
#include "scenarios/check.h"

static void reader(int fd, chan(int) out)
{
    char byte = 0;

    CHECK_EQ(go_read(fd, &byte, 1), 1);
    chan_send(out, byte);
}

/* The outside world: blocks a thread, then writes with a plain write. */
static int world(int fd)
{
    struct timespec pause = {.tv_nsec = 20 * GO_MILLISECOND};

    nanosleep(&pause, NULL);
    return (int)write(fd, "x", 1);
}

static void writer(int fd)
{
    CHECK_EQ(go_blocking(world, fd), 1);
}

SCENARIO(io_wait, .about = "a pipe that is written late",
         .clock = GO_CLOCK_REAL)
{
    int fd[2];
    chan(int) out = chan_make(int, 0);

    CHECK_EQ(pipe(fd), 0);
    go(reader, fd[0], out);
    go(writer, fd[1]);
    CHECK_EQ(chan_recv(out), 'x');
    go_close(fd[0]);
    go_close(fd[1]);
}

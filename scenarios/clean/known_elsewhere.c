/*
 * known_elsewhere - the handle is in a pipe.
 *
 * Looks stuck: no memory holds the channel, the kernel does. Is not, and was
 * told: go_known_elsewhere. Expected: CLEAN, and no early alarm.
 */
#include <unistd.h>
#include "scenarios/check.h"

typedef chan(int) handle;

static void wait(handle c)
{
    CHECK_EQ(chan_recv(c), 42);
}

FORGETS static void send_away(int fd)
{
    handle c = chan_make(int, 0);

    go_known_elsewhere(c);
    CHECK_EQ(write(fd, &c, sizeof c), sizeof c);
    go(wait, c);
}

SCENARIO(known_elsewhere, .about = "only the kernel has the handle")
{
    handle c;
    int fds[2];

    CHECK_EQ(pipe(fds), 0);
    send_away(fds[1]);
    look_in_vain();
    CHECK_EQ(read(fds[0], &c, sizeof c), sizeof c);
    go_not_known_elsewhere(c);
    chan_send(c, 42);
}

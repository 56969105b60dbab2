/* asks_io.c - who asks whether there is something, as it is put there. */
#include <poll.h>
#include <unistd.h>
#include <vigil/scenario.h>

static void put(int fd)
{
    go_write(fd, "x", 1);
}

static bool is_there(void)
{
    struct go_waitgroup wg = {0};
    int fds[2];
    bool there;

    if (pipe(fds) != 0)
        go_panic("no pipe");
    go_waitgroup_go(&wg, put, fds[1]);
    there = go_wait_fd(fds[0], POLLIN, go_now()) == 0;
    go_waitgroup_wait(&wg);
    go_close(fds[0]);
    go_close(fds[1]);
    return there;
}

SCENARIO(polls, .about = "whatever comes of it", .explore = true)
{
    is_there();
}

SCENARIO(polls_too_soon, .about = "it is taken to be there", .explore = true,
         .expect = EXPECT_PANIC("not yet"))
{
    if (!is_there())
        go_panic("not yet");
}

SCENARIO(polls_too_late, .about = "it is taken not to be", .explore = true,
         .expect = EXPECT_PANIC("already"))
{
    if (is_there())
        go_panic("already");
}

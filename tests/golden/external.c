/* external - alive when main returns: it waits for the world outside. */
#include <unistd.h>
#include <vigil/scenario.h>

static void serve(int fd)
{
    char request[64];

    go_name("server");
    while (go_read(fd, request, sizeof(request)) > 0)
        continue;
}

SCENARIO(external, .about = "a reader of a pipe that is never closed",
         .clock = GO_CLOCK_REAL, .expect = EXPECT_LEFT(1))
{
    int fds[2];

    if (pipe(fds) == 0)
        go(serve, fds[0]);
    go_sleep(GO_MILLISECOND);
}

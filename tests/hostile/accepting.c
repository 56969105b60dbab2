/*
 * accepting.c - a daemon waits for a descriptor when main has returned: nobody
 * comes, and that is no failure.
 */
#include <stdlib.h>
#include <unistd.h>
#include <vigil/scenario.h>

static void accept_all(int listener)
{
    int fd;

    go_expect_daemon();
    while ((fd = go_accept(listener)) >= 0)
        go_close(fd);
}

static void pass(void)
{
}

SCENARIO(accepting, .explore = true)
{
    int listener = go_listen("127.0.0.1:0");

    if (listener < 0)
        abort();
    go(accept_all, listener);
    go(pass);
}

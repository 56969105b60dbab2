/*
 * close_twice - the twin: a once around the close.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static struct go_once closed;

static void finish(chan(int) c)
{
    go_once_do(&closed, go_chan_close, (struct go_chan *)c);
}

SCENARIO(close_twice, .about = "a once closes the channel")
{
    chan(int) c = chan_make(int, 0);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, finish, c);
    go_waitgroup_go(&wg, finish, c);
    go_waitgroup_wait(&wg);
    CHECK(!chan_recv_ok(c, NULL));
}

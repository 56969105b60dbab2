/*
 * close_twice - two goroutines feel responsible for the close.
 *
 * Expected: PANIC "close of closed channel". Origin: classic.
 */
#include <vigil/scenario.h>

static void finish(chan(int) c)
{
    chan_close(c);
}

SCENARIO(close_twice, .about = "two goroutines close one channel",
         .expect = EXPECT_PANIC("close of closed channel"))
{
    chan(int) c = chan_make(int, 0);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, finish, c);
    go_waitgroup_go(&wg, finish, c);
    go_waitgroup_wait(&wg);
}

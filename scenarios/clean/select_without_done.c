/*
 * select_without_done - the twin: a third case that ends the loop.
 *
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

static void serve(chan(int) orders, chan(int) returns, chan(bool) done)
{
    while (go_select(GO_RECV(done, NULL), GO_RECV(orders, NULL),
                     GO_RECV(returns, NULL)))
        ;
}

SCENARIO(select_without_done, .about = "for-select with a done case")
{
    chan(int) orders = chan_make(int, 0), returns = chan_make(int, 0);
    chan(bool) done = chan_make(bool, 0);

    go(serve, orders, returns, done);
    chan_send(orders, 1);
    chan_send(returns, 1);
    chan_close(done);
}

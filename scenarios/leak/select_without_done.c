/*
 * select_without_done - a loop over two inputs and no way out.
 *
 * Pattern: for-select without a done case. Expected: LEAK(1), a select none
 * of whose cases can ever proceed. Origin: classic.
 */
#include <vigil/scenario.h>

static void serve(chan(int) orders, chan(int) returns)
{
    for (;;)
        go_select(GO_RECV(orders, NULL), GO_RECV(returns, NULL));
}

SCENARIO(select_without_done, .about = "for-select without a way out",
         .expect = EXPECT_LEAK(1))
{
    chan(int) orders = chan_make(int, 0), returns = chan_make(int, 0);

    go(serve, orders, returns);
    chan_send(orders, 1);
    chan_send(returns, 1);
}

/*
 * daisy_chain - a hundred thousand goroutines in a line, each adds one.
 *
 * Expected: CLEAN; prints 100001. Origin: Pike 2012. VIGIL_SCALE divides.
 */
#include <stdio.h>
#include "scenarios/check.h"

static void add_one(chan(int) left, chan(int) right)
{
    chan_send(left, 1 + chan_recv(right));
}

static void start(chan(int) right)
{
    chan_send(right, 1);
}

SCENARIO(daisy_chain, .about = "a line of 100,000 goroutines",
         .timeout = 60 * GO_SECOND, .origin = "Pike 2012")
{
    int n = scaled(100000);
    chan(int) leftmost = chan_make(int, 0), left = leftmost;

    for (int i = 0; i < n; i++) {
        chan(int) right = chan_make(int, 0);

        go(add_one, left, right);
        left = right;
    }
    go(start, left);
    int sum = chan_recv(leftmost);
    printf("%d\n", sum);
    CHECK_EQ(sum, n + 1);
}

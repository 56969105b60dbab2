/*
 * skynet - a tree of goroutines, ten below each, the leaves are summed up.
 *
 * Expected: CLEAN. Origin: the skynet benchmark. VIGIL_SCALE divides the
 * leaves, to a power of ten.
 */
#include "scenarios/check.h"

static void skynet(chan(int64_t) up, int64_t first, int64_t leaves)
{
    if (leaves == 1) {
        chan_send(up, first);
        return;
    }
    chan(int64_t) c = chan_make(int64_t, 10);
    int64_t sum = 0;

    for (int i = 0; i < 10; i++)
        go(skynet, c, first + i * leaves / 10, leaves / 10);
    for (int i = 0; i < 10; i++)
        sum += chan_recv(c);
    chan_send(up, sum);
}

SCENARIO(skynet, .about = "11,111 goroutines in a tree",
         .timeout = 60 * GO_SECOND)
{
    chan(int64_t) result = chan_make(int64_t, 0);
    int64_t leaves = 10;

    while (leaves * 10 <= scaled(10000))
        leaves *= 10;
    go(skynet, result, 0, leaves);
    CHECK_EQ(chan_recv(result), leaves * (leaves - 1) / 2);
}

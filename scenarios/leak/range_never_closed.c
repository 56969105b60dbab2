/*
 * range_never_closed - the reader ranges, nobody closes.
 *
 * Pattern: the writer ends without a close. Expected: LEAK(1). Origin:
 * classic.
 */
#include <vigil/scenario.h>

static void sum(chan(int) c, struct go_atomic *total)
{
    chan_range(v, c)
        go_atomic_add(total, v);
}

SCENARIO(range_never_closed, .about = "range without a close",
         .expect = EXPECT_LEAK(1))
{
    static struct go_atomic total;
    chan(int) c = chan_make(int, 0);

    go(sum, c, &total);
    for (int i = 0; i < 3; i++)
        chan_send(c, i);
}

/*
 * fan_in_reader - producers of 100 and 250 ms, a reader that ranges, and main
 * in between.
 *
 * Pattern: the order of the numbers follows from virtual time: 0 0 1 2 1 3 4;
 * at 500 ms both producers are due, so it ends before. Expected: LEAK(3):
 * both producers and the reader.
 */
#include <stdio.h>
#include "scenarios/check.h"

static const int want[] = {0, 0, 1, 2, 1, 3, 4};
enum {
    NUMBERS = sizeof want / sizeof *want
};

static void produce(chan(int) ch, go_duration pause)
{
    for (int i = 0;; i++) {
        chan_send(ch, i);
        go_sleep(pause);
    }
}

static void read_all(chan(int) out)
{
    int n = 0;

    chan_range(x, out) {
        printf("%d\n", x);
        CHECK_EQ(x, want[n++]);
    }
}

SCENARIO(fan_in_reader, .about = "two producers, main, a reader",
         .expect = EXPECT_LEAK(3))
{
    chan(int) ch = chan_make(int, 0), out = chan_make(int, 0);

    go(produce, ch, 100 * GO_MILLISECOND);
    go(produce, ch, 250 * GO_MILLISECOND);
    go(read_all, out);
    for (int i = 0; i < NUMBERS; i++)
        chan_send(out, chan_recv(ch));
    CHECK_EQ(go_now(), 400 * GO_MILLISECOND);
}

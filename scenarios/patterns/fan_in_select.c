/*
 * fan_in_select - the same with one goroutine that selects.
 *
 * Expected: LEAK(3): the generators and the one that forwards. Origin: Pike,
 * "Go concurrency patterns", 2012.
 */
#include "scenarios/check.h"

static void speak(chan(int) c, int who, go_duration pause)
{
    for (;;) {
        go_sleep(pause);
        chan_send(c, who);
    }
}

static void forward(chan(int) a, chan(int) b, chan(int) out)
{
    int v;

    for (;;) {
        go_select(GO_RECV(a, &v), GO_RECV(b, &v));
        chan_send(out, v);
    }
}

SCENARIO(fan_in_select, .about = "two generators, one select, one reader",
         .expect = EXPECT_LEAK(3), .settle = 5 * GO_SECOND,
         .origin = "Pike 2012")
{
    chan(int) quick = chan_make(int, 0), slow = chan_make(int, 0);
    chan(int) c = chan_make(int, 0);
    int heard[2] = {0};

    go(speak, quick, 0, 100 * GO_MILLISECOND);
    go(speak, slow, 1, 900 * GO_MILLISECOND);
    go(forward, quick, slow, c);
    for (int i = 0; i < 10; i++)
        heard[chan_recv(c)]++;
    CHECK(heard[0] == 9 && heard[1] == 1);
    CHECK_EQ(go_now(), 900 * GO_MILLISECOND);
}

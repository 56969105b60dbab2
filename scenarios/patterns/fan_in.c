/*
 * fan_in - two generators into one channel, by two forwarders.
 *
 * Pattern: who is ready is heard; a slow input does not hold the other up.
 * Expected: LEAK(4) when main has had enough: generators and forwarders.
 * Origin: Pike, "Go concurrency patterns", 2012.
 */
#include "scenarios/check.h"

static void speak(chan(int) c, int who, go_duration pause)
{
    for (;;) {
        go_sleep(pause);
        chan_send(c, who);
    }
}

static void forward(chan(int) in, chan(int) out)
{
    chan_range(v, in)
        chan_send(out, v);
}

static chan(int) fan_in(chan(int) a, chan(int) b)
{
    chan(int) c = chan_make(int, 0);

    go(forward, a, c);
    go(forward, b, c);
    return c;
}

SCENARIO(fan_in, .about = "two generators, two forwarders, one reader",
         .expect = EXPECT_LEAK(4), .settle = 5 * GO_SECOND,
         .origin = "Pike 2012")
{
    chan(int) quick = chan_make(int, 0), slow = chan_make(int, 0);
    chan(int) c = fan_in(quick, slow);
    int heard[2] = {0};

    go(speak, quick, 0, 100 * GO_MILLISECOND);
    go(speak, slow, 1, 900 * GO_MILLISECOND);
    /* 100, 200, ... 800 are the quick one's; at 900 both are ready. */
    for (int i = 0; i < 8; i++)
        heard[chan_recv(c)]++;
    CHECK(heard[0] == 8 && heard[1] == 0);
    CHECK_EQ(go_now(), 800 * GO_MILLISECOND);
    for (int i = 0; i < 2; i++)
        heard[chan_recv(c)]++;
    CHECK(heard[0] == 9 && heard[1] == 1);
}

/*
 * spins.c - loops that go round for ever, one choice or a few at a time: where
 * that is seen differs from look to look, and is no part of a schedule.
 */
#include <vigil/scenario.h>

static struct go_atomic flag;

static void spin(void)
{
    while (!go_atomic_load(&flag))
        go_yield();
}

SCENARIO(spins_alone, .about = "nobody is left to set the flag",
         .expect = EXPECT_LIVELOCK)
{
    spin();
}

SCENARIO(spins_two, .about = "two wait for it", .expect = EXPECT_LIVELOCK)
{
    go(spin);
    spin();
}

static void spin_aside(void)
{
    go_expect_daemon();
    spin();
}

SCENARIO(spins_beside, .about = "and so does a daemon",
         .expect = EXPECT_LIVELOCK)
{
    go(spin_aside);
    spin();
}

static void offer(chan(int) c, int value)
{
    go_select(GO_SEND(c, value), GO_DEFAULT);
}

static void set(chan(int) c)
{
    if (chan_recv(c) == 1)
        go_atomic_store(&flag, 1);
}

SCENARIO(spins_behind, .about = "the flag is lost by a choice",
         .expect = EXPECT_LIVELOCK)
{
    chan(int) c = chan_make(int, 1);

    go(offer, c, 1);
    go(offer, c, 2);
    go(set, c);
    spin();
}

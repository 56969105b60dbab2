/*
 * leak_while_busy - a leak among goroutines that never come to rest.
 *
 * Pattern: a call gives up on its answer, while others compute for ever, or
 * until they are told; there is no quiet moment. Expected: LEAK(1), proven
 * while they run, for none of them can reach the channel.
 */
#include "scenarios/check.h"

static void answer(chan(int) c)
{
    chan_send(c, 42);
}

FORGETS static void ask_and_give_up(void)
{
    chan(int) c = chan_make(int, 0);

    go(answer, c);
}

static void compute(struct go_atomic *enough)
{
    while (!go_atomic_load(enough))
        go_yield();
}

SCENARIO(leak_while_busy, .about = "a leak while others compute",
         .expect = EXPECT_LEAK(1))
{
    struct go_atomic enough = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 4; i++)
        go_waitgroup_go(&wg, compute, &enough);
    ask_and_give_up();
    look_until_stuck(1);
    go_atomic_store(&enough, 1);
    go_waitgroup_wait(&wg);
}

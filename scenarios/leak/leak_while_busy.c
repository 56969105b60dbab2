/*
 * leak_while_busy - a leak among goroutines that never come to rest.
 *
 * Pattern: others compute and yield all the time, so there is no quiet moment
 * before the end. Expected: LEAK(1), at the latest when main has returned.
 */
#include "scenarios/check.h"

static void answer(chan(int) c)
{
    chan_send(c, 42);
}

static void compute(struct go_atomic *rounds)
{
    for (int i = 0; i < scaled(2000); i++) {
        go_atomic_add(rounds, 1);
        go_yield();
    }
}

SCENARIO(leak_while_busy, .about = "a leak while others compute",
         .expect = EXPECT_LEAK(1))
{
    struct go_atomic rounds = {0};
    struct go_waitgroup wg = {0};

    go(answer, chan_make(int, 0));
    for (int i = 0; i < 4; i++)
        go_waitgroup_go(&wg, compute, &rounds);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&rounds), 4 * scaled(2000));
}

/*
 * leak_while_busy - the twin: the answer is taken when all have computed.
 *
 * Expected: CLEAN; a look in between proves nothing stuck.
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

SCENARIO(leak_while_busy, .about = "a late answer while others compute")
{
    struct go_atomic rounds = {0};
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, 0);

    go(answer, c);
    for (int i = 0; i < 4; i++)
        go_waitgroup_go(&wg, compute, &rounds);
    CHECK_EQ(go_check(), 0);
    go_waitgroup_wait(&wg);
    CHECK_EQ(chan_recv(c), 42);
}

/*
 * leak_while_busy - the twin: the answer is taken in the end.
 *
 * Expected: CLEAN; looks in between prove nobody stuck.
 */
#include "scenarios/check.h"

static void answer(chan(int) c)
{
    chan_send(c, 42);
}

static chan(int) ask(void)
{
    chan(int) c = chan_make(int, 0);

    go(answer, c);
    return c;
}

static void compute(struct go_atomic *enough)
{
    while (!go_atomic_load(enough))
        go_yield();
}

SCENARIO(leak_while_busy, .about = "a late answer while others compute")
{
    struct go_atomic enough = {0};
    struct go_waitgroup wg = {0};
    chan(int) c;

    for (int i = 0; i < 4; i++)
        go_waitgroup_go(&wg, compute, &enough);
    c = ask();
    for (int i = 0; i < 20; i++) {
        go_yield();
        CHECK_EQ(go_check(), 0);
    }
    CHECK_EQ(chan_recv(c), 42);
    go_atomic_store(&enough, 1);
    go_waitgroup_wait(&wg);
}

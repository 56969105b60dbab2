/*
 * barrier_short - a barrier for three, with two who come.
 *
 * Pattern: a worker less than planned. Expected: DEADLOCK. Origin: classic of
 * parallel loops.
 */
#include <vigil/scenario.h>

static void phase(struct go_barrier *b)
{
    go_barrier_wait(b);
}

SCENARIO(barrier_short, .about = "a barrier for three, two come",
         .expect = EXPECT_DEADLOCK)
{
    struct go_barrier b = GO_BARRIER(3);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, phase, &b);
    go_waitgroup_go(&wg, phase, &b);
    go_waitgroup_wait(&wg);
}

/*
 * barrier_short - the twin: a barrier for as many as come.
 *
 * Expected: CLEAN; in each phase the barrier says true to one of them.
 */
#include "scenarios/check.h"

enum {
    PHASES = 3
};

static void phases(struct go_barrier *b, struct go_atomic *chosen)
{
    for (int i = 0; i < PHASES; i++)
        if (go_barrier_wait(b))
            go_atomic_add(chosen, 1);
}

SCENARIO(barrier_short, .about = "a barrier for two, two come")
{
    struct go_barrier b = GO_BARRIER(2);
    struct go_atomic chosen = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, phases, &b, &chosen);
    go_waitgroup_go(&wg, phases, &b, &chosen);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&chosen), PHASES);
}

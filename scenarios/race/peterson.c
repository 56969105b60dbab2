/*
 * peterson - mutual exclusion by atomics alone, done right.
 *
 * Pattern: Peterson's algorithm, tried once: who would have to wait leaves.
 * What it protects is a plain variable, and no race. Expected: CLEAN, in all
 * schedules. Origin: G. L. Peterson, 1981.
 */
#include <stdatomic.h>

#include "scenarios/check.h"

static atomic_bool wants[2];
static atomic_int turn;
static int inside;

static void enter(int me)
{
    wants[me] = true;
    turn = 1 - me;
    if (wants[1 - me] && turn == 1 - me) {
        wants[me] = false;
        return;
    }
    inside++;
    CHECK_EQ(inside, 1);
    inside--;
    wants[me] = false;
}

SCENARIO(peterson, .about = "two flags and a turn keep one variable apart",
         .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, enter, 0);
    go_waitgroup_go(&wg, enter, 1);
    go_waitgroup_wait(&wg);
}

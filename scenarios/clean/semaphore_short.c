/*
 * semaphore_short - the twin: all that is needed in one step.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void work(struct go_semaphore *units)
{
    go_semaphore_acquire(units, 2);
    go_sleep(GO_MILLISECOND);
    go_semaphore_release(units, 2);
}

SCENARIO(semaphore_short, .about = "both units at once")
{
    struct go_semaphore units = GO_SEMAPHORE(2);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, work, &units);
    go_waitgroup_go(&wg, work, &units);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_now(), 2 * GO_MILLISECOND); /* one after the other */
}

/*
 * semaphore_short - two take what they need piece by piece.
 *
 * Pattern: hold and wait: each of two needs 2 of 2 units and has 1. Expected:
 * DEADLOCK. Origin: the banker's problem.
 */
#include <vigil/scenario.h>

static void work(struct go_semaphore *units)
{
    go_semaphore_acquire(units, 1);
    go_sleep(GO_MILLISECOND); /* both have one */
    go_semaphore_acquire(units, 1);
    go_semaphore_release(units, 2);
}

SCENARIO(semaphore_short, .about = "each has half of what it needs",
         .expect = EXPECT_DEADLOCK)
{
    struct go_semaphore units = GO_SEMAPHORE(2);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, work, &units);
    go_waitgroup_go(&wg, work, &units);
    go_waitgroup_wait(&wg);
}

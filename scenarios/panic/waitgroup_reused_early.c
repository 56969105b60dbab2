/*
 * waitgroup_reused_early - the next round begins before all are back.
 *
 * Pattern: counts up again while waiters of the last round are on their way
 * out of the wait. Expected: PANIC "sync: WaitGroup is reused before previous
 * Wait has returned". Many waiters and many rounds, so that one of them is
 * caught even when other workers take them at once.
 */
#include <vigil/scenario.h>

enum {
    WAITERS = 50,
    ROUNDS = 1000
};

static void waiter(struct go_waitgroup *wg)
{
    go_waitgroup_wait(wg);
}

SCENARIO(waitgroup_reused_early, .about = "counted up while waiters return",
         .expect = EXPECT_PANIC(
             "sync: WaitGroup is reused before previous Wait has returned"))
{
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 1);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < WAITERS; i++)
            go(waiter, &wg);
        go_sleep(GO_MILLISECOND); /* all wait */
        go_waitgroup_done(&wg);
        go_waitgroup_add(&wg, 1); /* the bug */
    }
}

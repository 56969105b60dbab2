/*
 * waitgroup_reused_early - the twin: a group for the waiters, too.
 *
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

enum {
    WAITERS = 50,
    ROUNDS = 10
};

static void waiter(struct go_waitgroup *wg)
{
    go_waitgroup_wait(wg);
}

SCENARIO(waitgroup_reused_early, .about = "counted up when all are back")
{
    struct go_waitgroup wg = {0};

    for (int round = 0; round < ROUNDS; round++) {
        struct go_waitgroup back = {0};

        go_waitgroup_add(&wg, 1);
        for (int i = 0; i < WAITERS; i++)
            go_waitgroup_go(&back, waiter, &wg);
        go_sleep(GO_MILLISECOND);
        go_waitgroup_done(&wg);
        go_waitgroup_wait(&back);
    }
}

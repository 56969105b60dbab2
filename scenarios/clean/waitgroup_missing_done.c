/*
 * waitgroup_missing_done - the twin: the count down is deferred.
 *
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

static void work(struct go_waitgroup *wg, int job)
{
    go_defer(go_waitgroup_done, wg);
    if (job == 2)
        return;
    go_yield();
}

SCENARIO(waitgroup_missing_done, .about = "deferred count down")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 3);
    for (int i = 0; i < 3; i++)
        go(work, &wg, i);
    go_waitgroup_wait(&wg);
}

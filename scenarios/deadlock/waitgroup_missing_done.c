/*
 * waitgroup_missing_done - one worker leaves without counting down.
 *
 * Pattern: Done on the good path only. Expected: DEADLOCK. Origin: classic.
 */
#include <vigil/scenario.h>

static void work(struct go_waitgroup *wg, int job)
{
    if (job == 2)
        return; /* the bug */
    go_waitgroup_done(wg);
}

SCENARIO(waitgroup_missing_done, .about = "one worker forgets to count down",
         .expect = EXPECT_DEADLOCK)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 3);
    for (int i = 0; i < 3; i++)
        go(work, &wg, i);
    go_waitgroup_wait(&wg);
}

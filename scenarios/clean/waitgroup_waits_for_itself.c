/*
 * waitgroup_waits_for_itself - the twin: the closer is not a member.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static struct go_waitgroup wg;

static void work(chan(int) results)
{
    chan_send(results, 1);
}

static void closer(chan(int) results)
{
    go_waitgroup_wait(&wg);
    chan_close(results);
}

SCENARIO(waitgroup_waits_for_itself, .about = "the closer is no member")
{
    chan(int) results = chan_make(int, 0);
    int sum = 0;

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, work, results);
    go(closer, results);
    chan_range(r, results)
        sum += r;
    CHECK_EQ(sum, 3);
}

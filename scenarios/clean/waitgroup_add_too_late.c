/*
 * waitgroup_add_too_late - the twin: counted before it is started.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void work(chan(int) results)
{
    go_sleep(GO_MILLISECOND);
    chan_send(results, 1);
}

SCENARIO(waitgroup_add_too_late, .about = "counted by who starts them")
{
    struct go_waitgroup wg = {0};
    chan(int) results = chan_make(int, 3);

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, work, results);
    go_waitgroup_wait(&wg);
    CHECK_EQ(chan_len(results), 3);
}

static void work_at_once(chan(int) results)
{
    chan_send(results, 1);
}

SCENARIO(waitgroup_add_too_late_unlucky, .about = "counted before it starts",
         .explore = true)
{
    struct go_waitgroup wg = {0};
    chan(int) results = chan_make(int, 1);

    go_waitgroup_go(&wg, work_at_once, results);
    go_waitgroup_wait(&wg);
    CHECK_EQ(chan_len(results), 1);
}

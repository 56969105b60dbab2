/*
 * waitgroup_add_too_late - Add in the goroutine that is waited for.
 *
 * Pattern: the wait finds a count of 0 and returns at once; nobody takes what
 * the late ones bring. Expected: LEAK(3), for main gets away; what a reader
 * of results would see is a deadlock. Origin: Go's documentation of
 * WaitGroup.Add.
 */
#include "scenarios/check.h"

static struct go_waitgroup wg;

static void work(chan(int) results)
{
    go_sleep(GO_MILLISECOND); /* starts late: makes it certain */
    go_waitgroup_add(&wg, 1);
    chan_send(results, 1);
    go_waitgroup_done(&wg);
}

SCENARIO(waitgroup_add_too_late, .about = "the workers add themselves",
         .expect = EXPECT_LEAK(3))
{
    chan(int) results = chan_make(int, 0);

    for (int i = 0; i < 3; i++)
        go(work, results);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_now(), 0); /* has not waited for anybody */
}

static void work_at_once(chan(int) results)
{
    go_waitgroup_add(&wg, 1);
    chan_send(results, 1);
    go_waitgroup_done(&wg);
}

SCENARIO(waitgroup_add_too_late_unlucky, .about = "the worker may add too late",
         .expect = EXPECT_PANIC("a result is missing"), .explore = true)
{
    chan(int) results = chan_make(int, 1);

    go(work_at_once, results);
    go_waitgroup_wait(&wg);
    if (chan_len(results) != 1)
        go_panic("a result is missing");
}

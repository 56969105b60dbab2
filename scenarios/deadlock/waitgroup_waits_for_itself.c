/*
 * waitgroup_waits_for_itself - a member of the group waits for the group.
 *
 * Pattern: the closer is counted with the workers. Expected: DEADLOCK; the
 * members are known exactly. Origin: classic.
 */
#include <vigil/scenario.h>

static struct go_waitgroup wg;

static void work(chan(int) results)
{
    chan_send(results, 1);
}

static void closer(chan(int) results)
{
    go_waitgroup_wait(&wg); /* for itself, too */
    chan_close(results);
}

SCENARIO(waitgroup_waits_for_itself, .about = "a member waits for its group",
         .expect = EXPECT_DEADLOCK)
{
    chan(int) results = chan_make(int, 0);

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, work, results);
    go_waitgroup_go(&wg, closer, results);
    chan_range(r, results)
        (void)r;
}

/*
 * owner_ended_holding - the owner of a lock ends and takes it along.
 *
 * Pattern: abandoned lock. Expected: DEADLOCK, an orphan: the only goroutine
 * that may unlock has ended; the report says where it had locked. Origin:
 * classic.
 */
#include <vigil/scenario.h>

static void visit(struct go_mutex *mu)
{
    go_mutex_lock(mu);
    /* ends without unlocking */
}

SCENARIO(owner_ended_holding, .about = "the owner of a lock has ended",
         .expect = EXPECT_DEADLOCK)
{
    struct go_mutex mu = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, visit, &mu);
    go_waitgroup_wait(&wg);
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
}

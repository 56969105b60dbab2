/*
 * unlock_by_stranger - a goroutine unlocks what another one has locked.
 *
 * Pattern: Go allows it; here mutexes are owned, for only an owned lock can
 * be accounted for. Expected: PANIC "sync: unlock of mutex owned by goroutine".
 */
#include <vigil/scenario.h>

static void stranger(struct go_mutex *mu)
{
    go_mutex_unlock(mu);
}

SCENARIO(unlock_by_stranger, .about = "unlock of somebody else's mutex",
         .expect = EXPECT_PANIC("sync: unlock of mutex owned by goroutine 1"))
{
    struct go_mutex mu = {0};
    struct go_waitgroup wg = {0};

    go_mutex_lock(&mu);
    go_waitgroup_go(&wg, stranger, &mu);
    go_waitgroup_wait(&wg);
}

/*
 * unlock_of_unlocked - one unlock too many.
 *
 * Pattern: unlocks on the error path, and once more at the end. Expected:
 * PANIC "sync: unlock of unlocked mutex".
 */
#include <vigil/scenario.h>

static struct go_mutex mu;

static void update(bool bad)
{
    go_mutex_lock(&mu);
    if (bad)
        go_mutex_unlock(&mu); /* the bug: falls through */
    go_mutex_unlock(&mu);
}

SCENARIO(unlock_of_unlocked, .about = "one unlock too many",
         .expect = EXPECT_PANIC("sync: unlock of unlocked mutex"))
{
    update(false);
    update(true);
}

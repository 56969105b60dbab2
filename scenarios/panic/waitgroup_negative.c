/*
 * waitgroup_negative - counts down more often than up.
 *
 * Expected: PANIC "sync: negative WaitGroup counter".
 */
#include <vigil/scenario.h>

SCENARIO(waitgroup_negative, .about = "one Done too many",
         .expect = EXPECT_PANIC("sync: negative WaitGroup counter"))
{
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 1);
    go_waitgroup_done(&wg);
    go_waitgroup_done(&wg);
}

/*
 * dekker - two flags that are looked at too early.
 *
 * Pattern: each says that it wants to enter, and looks whether the other does;
 * here each looks first. Both may enter. Expected: PANIC, in some schedules
 * only. Origin: Dekker's algorithm, with two lines exchanged.
 */
#include "scenarios/check.h"

static bool wants[2];
static bool inside;

static void enter(int me)
{
    bool other = wants[1 - me];

    wants[me] = true;
    if (other)
        return;
    CHECK(!inside);
    inside = true;
    go_yield();
    inside = false;
}

SCENARIO(dekker, .about = "both have looked before either said so",
         .expect = EXPECT_PANIC("!inside"), .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, enter, 0);
    go_waitgroup_go(&wg, enter, 1);
    go_waitgroup_wait(&wg);
}

/*
 * flag_spin - waits for a plain flag, which is set too early.
 *
 * Pattern: a goroutine yields until a variable is set, and then uses the data;
 * the other one sets them in the wrong order. Expected: PANIC, in some
 * schedules only. Origin: classic.
 */
#include "scenarios/check.h"

static volatile bool done;
static int result;

static void compute(void)
{
    done = true;
    result = 42;
}

SCENARIO(flag_spin, .about = "a flag that says more than is true",
         .expect = EXPECT_PANIC("result is 0, not 42"), .explore = true)
{
    go(compute);
    while (!done)
        go_yield();
    CHECK_EQ(result, 42);
}

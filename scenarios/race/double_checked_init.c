/*
 * double_checked_init - the flag is set before what it stands for.
 *
 * Pattern: an initialization that asks a plain flag first, to save the lock;
 * the second caller sees the flag and not yet the value. Expected: PANIC, in
 * some schedules only. Origin: classic; a once does it right.
 */
#include "scenarios/check.h"

static struct go_mutex mu;
static bool ready;
static int value;

static int get(void)
{
    if (!ready) {
        go_mutex_lock(&mu);
        if (!ready) {
            ready = true;
            value = 42;
        }
        go_mutex_unlock(&mu);
    }
    return value;
}

static void user(void)
{
    CHECK_EQ(get(), 42);
}

SCENARIO(double_checked_init,
         .about = "who sees the flag uses what is not there",
         .expect = EXPECT_PANIC("get() is 0, not 42"), .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, user);
    go_waitgroup_go(&wg, user);
    go_waitgroup_wait(&wg);
}

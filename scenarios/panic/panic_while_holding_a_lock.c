/*
 * panic_while_holding_a_lock - and what it leaves behind.
 *
 * Pattern: a panic between lock and unlock. Expected: PANIC when nobody
 * catches it. When somebody does, the lock stays taken by a goroutine that
 * has ended, and the next one to lock is stuck: DEADLOCK. Origin: classic.
 */
#include "scenarios/check.h"

static struct go_mutex mu;

static void update(void)
{
    go_mutex_lock(&mu);
    go_panic("bad input");
}

static void careful(void)
{
    free(go_try(update));
}

SCENARIO(panic_while_holding_a_lock, .about = "a panic between lock and unlock",
         .expect = EXPECT_PANIC("bad input"))
{
    update();
}

SCENARIO(panic_while_holding_a_lock_caught,
         .about = "the panic is caught, the lock stays taken",
         .expect = EXPECT_DEADLOCK)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, careful);
    go_waitgroup_wait(&wg);
    go_mutex_lock(&mu);
}

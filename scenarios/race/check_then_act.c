/*
 * check_then_act - enough money for one, and two who take it.
 *
 * Pattern: the balance is looked at, and changed later: both have seen that
 * there is enough. Expected: PANIC, in some schedules only. Origin: classic.
 */
#include "scenarios/check.h"

static int balance;
static struct go_atomic paid;

static void withdraw(int amount)
{
    if (balance < amount)
        return;
    balance -= amount;
    go_atomic_add(&paid, amount);
}

SCENARIO(check_then_act, .about = "a check that is old when it is acted on",
         .expect = EXPECT_PANIC("paid"), .explore = true)
{
    struct go_waitgroup wg = {0};

    balance = 100;
    go_waitgroup_go(&wg, withdraw, 80);
    go_waitgroup_go(&wg, withdraw, 70);
    go_waitgroup_wait(&wg);
    CHECK(go_atomic_load(&paid) <= 100);
}

/*
 * elsewhere_test.c - what orders goroutines without vigil, as it is told.
 */
#include <vigil/elsewhere.h>

#include "runtime/sched/sanitize.h"
#include "tests/told.h"

#ifndef RT_TSAN /* its own library has these names there */

static char lock, other;

static void with(const char *key)
{
    go_control_step(key, GO_OP_UPDATE, false, NULL);
    go_control_acquire(key);
    told_write();
    go_control_release(key);
}

static void by_the_key(void)
{
    with(&lock);
}

static void by_another(void)
{
    with(&other);
}

static void by_one_lock(void)
{
    told_both(by_the_key, by_the_key);
}

static void by_two_locks(void)
{
    told_both(by_the_key, by_another);
}

Test(elsewhere, what_is_told_to_order_does)
{
    TOLD_NONE(by_one_lock);
    TOLD_SOME(by_two_locks);
}

static bool let_go;

static void waits(void)
{
    bool again = false;

    for (; !let_go; again = true)
        go_control_step(&lock, GO_OP_LOCK, again, NULL);
}

static void lets_go(void)
{
    go_control_step(&lock, GO_OP_UNLOCK, false, NULL);
    let_go = true;
    go_yield();
}

static void wait_and_let_go(void)
{
    let_go = false;
    told_both(waits, lets_go);
}

Test(elsewhere, who_could_not_tries_again_when_something_is_let_go_of)
{
    TOLD_NONE(wait_and_let_go); /* complete: nobody spins */
}

static void bare(void)
{
    told_both(told_write, told_write);
}

Test(elsewhere, nothing_is_told_once_it_can_not_be_followed)
{
    TOLD_SOME(bare);
    go_control_untold("a test", false);
    cr_assert_eq(told_run(bare).races, 0);
    cr_assert_str_eq(told_all.what, "a test");
}

Test(elsewhere, outside_of_a_controlled_run_nothing_happens)
{
    go_control_step(&lock, GO_OP_LOCK, true, NULL);
    go_control_release(&lock);
    go_control_acquire(&lock);
    cr_assert_not(go_control_runs());
}
#endif

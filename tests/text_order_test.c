/* text_order_test.c - a hint as a person reads it, and what it ends in. */
#include <signal.h>
#include <stdlib.h>

#include "tests/ran.h"

static struct ran ran;
static struct go_mutex a, b;

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static void later(void)
{
    go_sleep(GO_MILLISECOND);
    both(&b, &a);
}

static void two_orders(void)
{
    struct go_waitgroup wg = {0};

    go_label(&a, "left");
    go_label(&b, "right");
    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, later);
    go_waitgroup_wait(&wg);
}

static void asked(void)
{
    two_orders();
    raise(SIGUSR1);
    go_sleep(100 * GO_MILLISECOND);
}

static int program(const char *settings, void (*fn)(void))
{
    setenv("VIGIL", settings, 1);
    return go_main(fn);
}

static int plain(void)
{
    return program("", two_orders);
}

static int reports(void)
{
    return program("order=report", two_orders);
}

static int errors(void)
{
    return program("order=error", two_orders);
}

static int dumps(void)
{
    return program("order=report", asked);
}

Test(text_order, a_plain_program_is_told_of_orders_when_it_asks)
{
    ran_program(&ran, plain);
    cr_assert_exit(&ran, 0);
    cr_assert_str_eq(ran.text, "");
    ran_program(&ran, reports);
    cr_assert_exit(&ran, 0);
    cr_assert_has(&ran, "LOCK ORDER, hint: 2 goroutines take 2 locks in a ring "
                        "of orders   +");
}

static void for_ever(void)
{
    go_select();
}

static void leaves(void)
{
    two_orders();
    go(for_ever);
    go_yield();
}

static int leaving(void)
{
    return program("order=report", leaves);
}

Test(text_order, who_asks_for_orders_is_not_told_of_what_is_left)
{
    ran_program(&ran, leaving);
    cr_assert_exit(&ran, 0);
    cr_assert_has(&ran, "LOCK ORDER, hint: ");
    cr_assert_has_not(&ran, "LEAK");
    cr_assert_has_not(&ran, "goroutine 4 [");
}

Test(text_order, with_order_error_a_hint_is_status_4)
{
    ran_program(&ran, errors);
    cr_assert_exit(&ran, 4);
}

Test(text_order, both_stacks_and_both_locks_are_told)
{
    ran_program(&ran, reports);
    cr_assert_has(&ran, " locked mutex \"left\" #");
    cr_assert_has(&ran, ", then locked mutex \"right\" #");
    cr_assert_has(&ran, "          in both text_order_test.c:13; created at "
                        "text_order_test.c:30 by goroutine 1\n");
    cr_assert_has(&ran, "          in both text_order_test.c:13, from later "
                        "text_order_test.c:21; created at ");
    cr_assert_has(&ran, "nothing kept them apart but the schedule.\n");
    cr_assert_has_not(&ran, "Nobody is proven stuck");
}

Test(text_order, a_report_that_was_asked_for_has_the_hints_so_far)
{
    ran_program(&ran, dumps);
    cr_assert_exit(&ran, 0);
    cr_assert_has(&ran, "SIGUSR1: report\n\nLOCK ORDER, hint: ");
}

static void stuck_as_well(void)
{
    two_orders();
    chan_recv((chan(int))chan_make(int, 0));
}

static int stuck_program(void)
{
    return program("order=error", stuck_as_well);
}

Test(text_order, a_deadlock_comes_first_and_decides_the_status)
{
    ran_program(&ran, stuck_program);
    cr_assert_exit(&ran, 2);
    cr_assert_has(&ran, "DEADLOCK, proven: ");
    cr_assert_has(&ran, "\nLOCK ORDER, hint: 2 goroutines take 2 locks in a "
                        "ring of orders\n");
}

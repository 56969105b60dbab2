/* explore_rules_test.c - each rule of the exhaustive search is needed. */
#include <criterion/criterion.h>
#include <vigil/go.h>

#include "tests/explored.h"
#include "runtime/sched/sanitize.h"

/* As explore_dpor_test.c: nothing for ThreadSanitizer. */
#if !defined(RT_TSAN)

/* How many outcomes are lost without a rule; with all of them, none is. */
static int lost(unsigned rule, void (*body)(void))
{
    int n;

    hn_dpor_drop = 0;
    explored_run_early(body, 0);
    cr_assert_eq(explored_missed(), 0, "with all rules");
    hn_dpor_drop = rule;
    explored_run_early(body, 0);
    n = explored_missed();
    hn_dpor_drop = 0;
    return n;
}

static struct go_mutex lock;
static int turn;

static void take_turn(int i)
{
    go_mutex_lock(&lock);
    explored_saw[i] = ++turn;
    go_mutex_unlock(&lock);
}

static void turns(void)
{
    lock = (struct go_mutex){0};
    turn = 0;
    go(take_turn, 0);
    go(take_turn, 1);
}

Test(rules, a_lock_races_with_the_lock_before_the_unlock)
{
    cr_assert_eq(lost(HN_DROP_ARRIVAL, turns), 1);
}

static chan(int) one;
static struct go_once once;

static void send_it(int v)
{
    chan_send(one, v);
}

static void send_once_and_look(void)
{
    go_once_do(&once, send_it, 1);
    explored_saw[0] =
        1 + go_select(GO_SEND(one, 2), GO_SEND(one, 3), GO_RECV(one, NULL));
    chan_send(one, 4);
}

static void send_and_note(void)
{
    chan_send(one, 5);
    explored_saw[1] = 1;
}

/* The other send may come first, second or third. */
static void third_place(void)
{
    one = chan_make(int, 1);
    once = (struct go_once){0};
    go(send_once_and_look);
    go(send_and_note);
}

Test(rules, races_also_with_those_before_the_latest)
{
    cr_assert_gt(lost(HN_DROP_EARLIER, third_place), 0);
}

static void send_two(void)
{
    chan_send(one, 1);
    chan_send(one, 2);
}

/* Who is left is one of them, and no send of its own is ever done. */
static void left_over(void)
{
    one = chan_make(int, 2);
    go(send_two);
    go(send_it, 3);
}

Test(rules, what_is_stood_at_in_the_end_races)
{
    cr_assert_gt(lost(HN_DROP_PENDING, left_over), 0);
}

static void send_and_choose(void)
{
    chan_send(one, 1);
    explored_saw[0] = 1 + go_select(GO_SEND(one, 2), GO_RECV(one, NULL));
}

static void ways_of_one_task(void)
{
    one = chan_make(int, 2);
    go(send_and_choose);
}

Test(rules, all_ways_of_a_task_are_tried)
{
    cr_assert_eq(lost(HN_DROP_SHARED, ways_of_one_task), 1);
}

static void three_turns(void)
{
    turns();
    go(take_turn, 2);
}

Test(rules, what_sleeps_is_woken_by_what_it_races_with)
{
    cr_assert_gt(lost(HN_DROP_WAKE, three_turns), 0);
}

static struct go_context *parent, *child;

static void look_at_done(void)
{
    explored_saw[0] =
        1 + go_select(GO_RECV(go_context_done(child), NULL), GO_DEFAULT);
}

static void cancel_both(void)
{
    go_context_cancel(parent);
    go_context_cancel(child);
}

/* The second cancel does nothing, but nobody knows before. */
static void cancelled_twice(void)
{
    parent = go_context_with_cancel(go_context_background());
    child = go_context_with_cancel(parent);
    go(look_at_done);
    go(cancel_both);
}

Test(rules, who_can_not_go_first_lets_all_others)
{
    cr_assert_gt(lost(HN_DROP_ALL, cancelled_twice), 0);
}

#endif

/*
 * explore_confirm_test.c - how often a livelock must be seen, and without what,
 * to be one. Memory is always the same here, and the tests say what the
 * program has asked for.
 */
#include "harness/explore/confirm.h"

#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "harness/explore/outside.h"
#include "runtime/sched/sched.h"
#include "tests/body.h"
#include "tests/states.h"

enum {
    CALL = 39,
    EVER = 1000
};

static struct {
    uint32_t begun;
    bool on;       /* it is looked what the program asks for */
    uint32_t asks; /* executions that ask for something */
    bool others;   /* each for something else */
    bool impossible;
    struct hn_confirmed got;
} t;

/* In place of outside.c's. */
bool hn_outside_begin(const struct hn_range *starter)
{
    (void)starter;
    t.begun++;
    t.on = true;
    return !t.impossible;
}

void hn_outside_end(void)
{
    t.on = false;
}

int hn_outside_seen(void)
{
    if (t.begun > t.asks)
        return HN_OUTSIDE_NOTHING;
    return t.others ? CALL + (int)t.begun : CALL;
}

static void spin(void)
{
    for (;;)
        go_yield();
}

static void draw(void)
{
    for (;;) {
        go_choose(2);
        go_yield();
    }
}

static void end_at_once(void)
{
    go_yield();
}

static void confirm_of(void (*body)(void))
{
    const struct hn_schedule schedule = {0};
    const struct go_run run = body_run(body);

    rt_threads_ours();
    hn_confirm(&run, &schedule, 0, &t.got);
}

static void confirm(void)
{
    confirm_of(spin);
}

Test(confirm, who_asks_nobody_is_confirmed_in_the_second_execution)
{
    confirm();
    cr_assert(t.got.livelock && t.got.alone);
    cr_assert_eq(t.got.call, HN_OUTSIDE_NOTHING);
    cr_assert_lt(t.got.round.from, t.got.round.to);
    cr_assert_eq(t.begun, 1, "%u", t.begun);
}

Test(confirm, one_execution_without_a_call_is_enough)
{
    t.asks = 3;
    confirm();
    cr_assert(t.got.livelock && t.got.alone);
    cr_assert_eq(t.begun, 4, "%u", t.begun);
}

Test(confirm, the_same_call_again_and_again_is_the_programs)
{
    t.asks = EVER;
    confirm();
    cr_assert(t.got.livelock && !t.got.alone);
    cr_assert_eq(t.got.call, CALL);
    cr_assert_eq(t.begun, 5, "%u", t.begun);
}

Test(confirm, calls_that_differ_end_as_well)
{
    t.asks = EVER;
    t.others = true;
    confirm();
    cr_assert(t.got.livelock && !t.got.alone);
    cr_assert_lt(t.begun, 100);
}

Test(confirm, where_calls_can_not_be_seen_nothing_is_proven)
{
    t.impossible = true;
    confirm();
    cr_assert(t.got.livelock && !t.got.alone);
}

Test(confirm, memory_that_does_not_come_again_is_no_livelock)
{
    states_move = true;
    confirm();
    cr_assert(!t.got.livelock && !t.got.alone);
    cr_assert_lt(t.begun, 100);
}

/* The next one may be another. */
Test(confirm, who_draws_numbers_does_not_go_round)
{
    confirm_of(draw);
    cr_assert(!t.got.livelock && !t.got.alone);
    cr_assert_eq(t.got.round.to, 0);
}

Test(confirm, short_executions_are_done_again_and_long_ones_hardly)
{
    confirm_of(end_at_once);
    cr_assert(!t.got.livelock && !t.got.alone);
    cr_assert_eq(t.begun, 16, "%u", t.begun);
    t.begun = 0;
    states_move = true;
    confirm();
    cr_assert(!t.got.livelock && !t.got.alone);
    cr_assert_leq(t.begun, 2, "%u", t.begun);
}

Test(confirm, nothing_is_watched_any_more_behind_it)
{
    states_move = true;
    confirm();
    cr_assert_gt(t.begun, 0);
    cr_assert_not(t.on);
}

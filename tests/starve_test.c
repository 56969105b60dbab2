/* starve_test.c - who starves, and who only waits. */
#include "harness/explore/starve.h"

#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

static struct hn_starve s;
static struct hn_starved seen;
static struct go_mutex mu, other;
static const struct go_site here = {"dir/a.c", "", "mu", NULL, 10},
                            there = {"dir/b.c", "", "mu", NULL, 20};

/* By the task at its only place; goroutines are tasks + 1. */
static void took(uint32_t task, enum go_op op, const void *object)
{
    const struct go_point p = {.task = task,
                               .op = (uint16_t)op,
                               .object = object,
                               .site = task == 1 ? &here : &there,
                               .goroutine = task + 1};
    const struct go_step step = {&p, -1, GO_NOWHERE, -1};

    hn_starve_took(&s, &step);
}

static void fails(uint32_t task, enum go_op op)
{
    took(task, op, &mu);
    hn_starve_failed(&s, task);
}

/* 2 takes it, and then 1 tries, so often. */
static void rounds(int n)
{
    for (int i = 0; i < n; i++) {
        took(2, GO_OP_LOCK, &mu);
        took(1, GO_OP_YIELD, NULL);
        fails(1, GO_OP_TRYLOCK);
        took(2, GO_OP_UNLOCK, &mu);
    }
}

static bool starves(void)
{
    hn_starve_end(&s, 7, &seen);
    return seen.schedule != 0;
}

static void set_up(void)
{
    cr_assert_eq(go_task_find("b", 1), 1);
    cr_assert_eq(go_task_find("c", 1), 2);
    memset(&seen, 0, sizeof(seen));
    hn_starve_begin(&s);
}

TestSuite(starve, .init = set_up);

Test(starve, whose_tries_fail_while_others_get_it_starves)
{
    char text[HN_STARVED_TEXT];

    rounds(HN_STARVE_ROUNDS + 1); /* the first one makes the wish */
    cr_assert(starves());
    cr_assert_eq(seen.who.times, HN_STARVE_ROUNDS);
    cr_assert_eq(seen.nby, 1);
    cr_assert_eq(seen.by[0].times, HN_STARVE_ROUNDS);
    hn_starved_text(&seen, text, sizeof(text));
    cr_assert_str_eq(text,
                     "starvation: in schedule 7, all in turn, goroutine 2 "
                     "tried 1000 times in a row in vain: trylock mu a.c:10; "
                     "each time another had got it since the try before: "
                     "goroutine 3: lock mu b.c:20 (1000 times)");
}

Test(starve, a_round_less_is_none)
{
    rounds(HN_STARVE_ROUNDS);
    cr_assert_not(starves());
}

Test(starve, tries_between_which_nobody_gets_it_do_not_count)
{
    took(2, GO_OP_LOCK, &mu);
    for (int i = 0; i < 2 * HN_STARVE_ROUNDS; i++)
        fails(1, GO_OP_TRYLOCK);
    cr_assert_not(starves());
}

Test(starve, other_locks_do_not_count)
{
    for (int i = 0; i < 2 * HN_STARVE_ROUNDS; i++) {
        took(2, GO_OP_LOCK, &other);
        fails(1, GO_OP_TRYLOCK);
    }
    cr_assert_not(starves());
}

Test(starve, nor_does_what_others_fail_to_get)
{
    for (int i = 0; i < 2 * HN_STARVE_ROUNDS; i++) {
        fails(2, GO_OP_TRYLOCK);
        fails(1, GO_OP_TRYLOCK);
    }
    cr_assert_not(starves());
}

Test(starve, who_gets_it_begins_again)
{
    rounds(HN_STARVE_ROUNDS);
    took(1, GO_OP_TRYLOCK, &mu); /* and has it */
    took(1, GO_OP_UNLOCK, &mu);
    rounds(HN_STARVE_ROUNDS);
    cr_assert_not(starves());
}

Test(starve, so_does_who_works_between_tries)
{
    for (int i = 0; i < 2 * HN_STARVE_ROUNDS; i++) {
        rounds(1);
        took(1, GO_OP_CLOSE, &other);
    }
    cr_assert_not(starves());
}

Test(starve, readers_do_not_pass_by_a_reader)
{
    for (int i = 0; i < 2 * HN_STARVE_ROUNDS; i++) {
        took(2, GO_OP_RLOCK, &mu);
        fails(1, GO_OP_TRYRLOCK);
    }
    cr_assert_not(starves());
}

Test(starve, what_has_been_stays_told)
{
    rounds(HN_STARVE_ROUNDS + 1);
    took(1, GO_OP_TRYLOCK, &mu); /* in the end it has it */
    took(1, GO_OP_UNLOCK, &mu);
    cr_assert(starves());
    hn_starve_begin(&s);
    rounds(2 * HN_STARVE_ROUNDS);
    hn_starve_end(&s, 8, &seen);
    cr_assert_eq(seen.schedule, 7, "the first is told");
}

Test(starve, a_default_is_a_try_of_all_its_cases)
{
    const struct go_case cases[] = {
        {GO_CASE_RECV, (struct go_chan *)GO_CHAN_ALIGN, NULL, NULL, &here},
        {GO_CASE_DEFAULT, NULL, NULL, NULL, &here}};
    const struct go_point tries = {.task = 1,
                                   .op = GO_OP_SELECT,
                                   .otherwise = true,
                                   .cases = cases,
                                   .ncase = 2,
                                   .site = &here};
    const struct go_point takes = {
        .task = 2, .op = GO_OP_RECV, .cases = cases, .ncase = 1};
    const struct go_step fails_so = {&tries, -1, GO_NOWHERE, -1},
                         gets = {&takes, 0, GO_NOWHERE, -1};

    for (int i = 0; i <= HN_STARVE_ROUNDS; i++) {
        hn_starve_took(&s, &gets);
        hn_starve_took(&s, &fails_so);
    }
    cr_assert(starves());
}

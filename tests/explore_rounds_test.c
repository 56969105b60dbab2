/* explore_rounds_test.c - of loops that wait, and end by themselves, every
   number of rounds is tried. */
#include "tests/explored.h"

enum {
    FEW = 5,
    MORE = 12, /* than the search tries at first */
    MOST = 40, /* than at second */
    TRIES = 1000
};

static struct go_atomic flag, other;
static int most;

static void look_for_it(int at)
{
    int n = 0;

    while (n < most && !go_atomic_load(&flag))
        n++;
    explored_saw[at] = n;
}

static void waits(void)
{
    flag = (struct go_atomic){0};
    go(look_for_it, 0);
    go_atomic_store(&flag, 1);
}

static void so_do_two(void)
{
    flag = (struct go_atomic){0};
    go(look_for_it, 0);
    go(look_for_it, 1);
    go_atomic_store(&flag, 1);
}

/* What is between the looks of one changes what the other sees. */
static void answers(void)
{
    for (int n = 0; n < most && !go_atomic_load(&flag); n++)
        go_atomic_store(&other, n + 1);
}

static void hears_how_often(void)
{
    flag = other = (struct go_atomic){0};
    go(answers);
    go_atomic_store(&flag, 1);
    explored_saw[0] = (int)go_atomic_load(&other);
}

Test(explore_rounds, each_number_of_them_is_tried)
{
    most = FEW;
    explored_same("few", waits, 0, FEW + 1);
    explored_same("of two, few", so_do_two, 0, (FEW + 1) * (FEW + 1));
    most = MORE;
    explored_begins = 0;
    explored_run_early(waits, 0);
    cr_assert(explored_clever.complete);
    cr_assert_eq(explored_clever.n, MORE + 1);
    cr_assert_eq(explored_missed(), 0);
    explored_run_early(hears_how_often, 0);
    cr_assert(explored_clever.complete);
    cr_assert_eq(explored_missed(), 0);
    most = MOST;
    explored_run_early(waits, 0);
    cr_assert(explored_clever.complete);
    cr_assert_eq(explored_clever.n, MOST + 1);
}

/* Brute force would take all day: each has its own number of rounds. */
Test(explore_rounds, of_two_loops_beside_each_other_too)
{
    struct strategic t = {.kind = &hn_dpor,
                          .most = TRIES,
                          .each = explored_each,
                          .reset = explored_reset,
                          .arg = &explored_clever};

    most = MORE;
    explored_clever.n = 0;
    strategic_run(&t, so_do_two);
    cr_assert(t.complete);
    cr_assert_eq(explored_clever.n, (MORE + 1) * (MORE + 1));
}

static void looks_for_ever(void)
{
    while (!go_atomic_load(&flag))
        go_yield();
}

static void never_ends_by_itself(void)
{
    flag = (struct go_atomic){0};
    go(looks_for_ever);
    go_atomic_store(&flag, 1);
}

static void nor_do_three(void)
{
    flag = (struct go_atomic){0};
    for (int i = 0; i < 3; i++)
        go(looks_for_ever);
    go_atomic_store(&flag, 1);
}

/* More rounds are tried but to the first that is left out. */
Test(explore_rounds, a_loop_without_an_end_is_given_up_soon)
{
    struct strategic t = {.kind = &hn_dpor,
                          .most = TRIES,
                          .each = explored_each,
                          .reset = explored_reset,
                          .arg = &explored_clever};

    explored_clever.n = 0;
    strategic_run(&t, never_ends_by_itself);
    cr_assert(t.over && !t.complete);
    cr_assert_lt(t.executions, 200);
    t.most = 0;
    strategic_run(&t, nor_do_three);
    cr_assert(t.over && !t.complete);
    cr_assert_lt(t.executions, 2000);
}

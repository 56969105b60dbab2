/* explore_settle_test.c - what is gone through at the end of an execution. */
#include "harness/explore/settle.h"

#include <criterion/criterion.h>

static struct hn_tree t;
static const int object[4];

static void setup(void)
{
    t = (struct hn_tree){0};
}

static void teardown(void)
{
    hn_tree_free(&t);
}
TestSuite(settle, .init = setup, .fini = teardown);

/* Those of n tasks from the first on could each store to an object; the first
   does. */
static void first_of(uint32_t first, uint32_t n, int i)
{
    struct go_point points[4];
    struct go_step steps[4];

    for (uint32_t k = 0; k < n; k++) {
        points[k] = (struct go_point){
            .task = first + k, .op = GO_OP_STORE, .object = &object[i]};
        steps[k] = (struct go_step){&points[k], -1, GO_NOWHERE, -1};
    }
    hn_tree_reserve(&t, n);
    cr_assert_eq(hn_tree_add(&t, steps, n), 0);
    t.step = t.depth;
    t.nodes[t.depth - 1].line = hn_line(first);
    hn_deeds_reserve(&t.past.deeds);
    hn_deeds_step(&t.past.deeds, &steps[0], t.depth);
}

static bool is_to_be_tried(uint32_t node, uint32_t way)
{
    return t.ways[t.nodes[node].first + way].flags & HN_TAKE;
}

Test(settle, nothing_is_where_no_choice_is_open)
{
    first_of(1, 1, 0);
    first_of(2, 1, 0);
    hn_settle_end(&t, false);
    cr_assert_eq(t.past.gone, 0);
    cr_assert_eq(t.past.naccesses, 0);
}

Test(settle, as_far_as_a_choice_is_open)
{
    first_of(1, 2, 0);
    cr_assert_not(is_to_be_tried(0, 1));
    first_of(2, 1, 0);
    first_of(3, 1, 0);
    hn_settle_end(&t, false);
    cr_assert(is_to_be_tried(0, 1));
    cr_assert_eq(t.past.gone, 2, "what comes behind is nothing to anybody");
}

Test(settle, to_the_end_where_one_stays_open)
{
    first_of(1, 2, 0);
    first_of(3, 1, 1);
    hn_settle_end(&t, false);
    cr_assert_eq(t.past.gone, 2);
    cr_assert_not(is_to_be_tried(0, 1));
}

Test(settle, what_was_left_out_comes_first_when_its_turn_comes)
{
    first_of(1, 1, 0);
    hn_settle_end(&t, false);
    cr_assert_eq(t.past.gone, 0);
    first_of(2, 2, 0);
    first_of(3, 1, 0);
    hn_settle_end(&t, false);
    cr_assert_eq(t.past.gone, 3);
    cr_assert(is_to_be_tried(1, 1));
    cr_assert(hn_clock_has(&t.past.clocks, t.nodes[2].clock, hn_line(1), 1),
              "the last does not come after the first");
}

Test(settle, what_is_taken_back_is_not_past)
{
    first_of(1, 1, 1);
    first_of(1, 2, 0);
    first_of(2, 1, 0);
    hn_settle_end(&t, false);
    cr_assert_eq(t.past.gone, 3);
    cr_assert(hn_tree_advance(&t));
    cr_assert_eq(t.past.gone, 1);
    cr_assert_eq(t.past.deeds.n, 1);
    cr_assert_eq(t.past.naccesses, 1);
}

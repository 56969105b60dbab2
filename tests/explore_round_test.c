/* explore_round_test.c - a round is known again, and others are not it. */
#include "harness/explore/round.h"

#include <criterion/criterion.h>
#include <string.h>

static struct go_site at[3] = {{"a/x.c", "move", "m", NULL, 10},
                               {"a/x.c", "move", "", NULL, 12},
                               {"a/x.c", "move", "m", NULL, 14}};
static struct go_point lock = {.op = GO_OP_LOCK, .site = &at[0]},
                       yield = {.op = GO_OP_YIELD, .site = &at[1]},
                       again = {.op = GO_OP_LOCK, .site = &at[2]};

static uint64_t deeds(const struct go_point *a, const struct go_point *b,
                      const struct go_point *c)
{
    const struct go_point *points[] = {a, b, c};

    return hn_round_deeds(points, c ? 3 : 2);
}

Test(round, is_the_same_wherever_it_begins_and_how_often_a_thing_is_done)
{
    cr_assert_eq(deeds(&lock, &yield, NULL), deeds(&yield, &lock, NULL));
    cr_assert_eq(deeds(&lock, &yield, NULL), deeds(&lock, &yield, &again));
}

Test(round, is_another_by_operation_object_and_function)
{
    const uint64_t one = deeds(&lock, &yield, NULL);
    struct go_point other = lock;
    struct go_site there = at[0];

    other.op = GO_OP_TRYLOCK;
    cr_assert_neq(deeds(&other, &yield, NULL), one);
    other = lock;
    other.site = &there;
    there.what = "n";
    cr_assert_neq(deeds(&other, &yield, NULL), one);
    there = at[0];
    there.func = "moved";
    cr_assert_neq(deeds(&other, &yield, NULL), one);
}

Test(round, is_told_with_who_what_and_where)
{
    const struct go_point *points[] = {&lock, &yield};
    const uint64_t ids[] = {2, 3};
    char text[HN_ROUND_TEXT];

    hn_round_text(text, ids, 2, points, 2);
    cr_assert_str_eq(
        text, "goroutines 2 and 3 repeat [lock m at x.c:10, yield at x.c:12]");
    hn_round_text(text, ids, 1, points, 1);
    cr_assert_str_eq(text, "goroutine 2 repeats [lock m at x.c:10]");
}

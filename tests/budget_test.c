/* budget_test.c - who has how much of the time of an exploration. */
#include "harness/explore/budget.h"

#include <criterion/criterion.h>

enum {
    NOW = 1000
};

static const int64_t minute = 60 * GO_SECOND;

Test(budget, a_search_leaves_some_to_be_told_and_that_some_to_be_shown)
{
    int64_t search = hn_budget_search(minute, false);
    int64_t told = hn_budget_told(NOW, search);

    cr_assert_eq(search, minute / 10 * 6);
    cr_assert_eq(told, NOW + minute / 10 * 9);
    cr_assert_eq(hn_budget_search(minute, true), minute / 10 * 3);
}

Test(budget, without_a_limit_there_is_none_for_anybody)
{
    int64_t told = hn_budget_told(NOW, 0);
    int64_t until = hn_budget_explained(NOW, 0, told);

    cr_assert_eq(told, 0);
    cr_assert_eq(until, 0);
    cr_assert_eq(hn_budget_share(NOW, until, 3), 0);
    cr_assert_eq(hn_budget_needed(NOW, until), 0);
}

Test(budget, what_is_told_takes_no_longer_than_half_of_the_search)
{
    int64_t search = 10 * GO_SECOND;

    cr_assert_eq(hn_budget_explained(NOW, search, minute),
                 NOW + 5 * GO_SECOND + GO_SECOND / 2);
    cr_assert_eq(hn_budget_explained(NOW, search, NOW + GO_SECOND),
                 NOW + GO_SECOND);
}

Test(budget, each_has_its_part_of_what_is_left)
{
    cr_assert_eq(hn_budget_share(NOW, NOW + 300, 3), NOW + 100);
    cr_assert_eq(hn_budget_share(NOW, NOW + 300, 1), NOW + 300);
    cr_assert_eq(hn_budget_share(NOW, NOW - 300, 3), NOW - 300);
}

Test(budget, who_is_late_has_what_is_needed)
{
    cr_assert_eq(hn_budget_needed(NOW, NOW - 300), NOW + HN_BUDGET_NEEDED);
    cr_assert_eq(hn_budget_needed(NOW, NOW + minute), NOW + minute);
}

Test(budget, the_grace_is_a_part_of_the_search_within_bounds)
{
    cr_assert_eq(hn_budget_grace(1), GO_SECOND / 2);
    cr_assert_eq(hn_budget_grace(4 * GO_SECOND), GO_SECOND);
    cr_assert_eq(hn_budget_grace(minute), 2 * GO_SECOND);
}

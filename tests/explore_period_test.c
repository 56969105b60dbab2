/* explore_period_test.c - where a schedule goes round for the first time. */
#include "harness/explore/period.h"

#include <criterion/criterion.h>
#include <string.h>

static struct hn_period p;

/* Each letter is a choice; its hash is how many there were by then. */
static uint64_t hash_of(const char *choices, uint32_t length)
{
    hn_period_begin(&p);
    for (size_t i = 0; choices[i]; i++)
        hn_period_add(&p, (uint64_t)choices[i], i + 1);
    return hn_period_hash(&p, length);
}

Test(period, it_does_not_depend_on_how_often_it_went_round)
{
    cr_assert_eq(hash_of("uvabc", 3), 5);
    cr_assert_eq(hash_of("uvabcabc", 3), 5);
    cr_assert_eq(hash_of("uvabcabcabc", 6), 5);
}

Test(period, nor_on_where_in_the_round_that_was_seen)
{
    cr_assert_eq(hash_of("uvabca", 3), 5);
    cr_assert_eq(hash_of("uvabcab", 3), 5);
}

Test(period, a_round_may_begin_at_once_and_be_one_choice)
{
    cr_assert_eq(hash_of("aaaa", 2), 1);
    cr_assert_eq(hash_of("abababab", 4), 2);
}

Test(period, what_differs_before_it_is_told_apart)
{
    cr_assert_eq(hash_of("uubababa", 2), 4);
    cr_assert_eq(hash_of("bababa", 2), 2);
}

Test(period, more_than_there_is_room_for_has_none)
{
    hn_period_begin(&p);
    for (uint32_t i = 0; i < 2 * HN_PERIOD_ROOM; i++)
        hn_period_add(&p, i % 3, i + 1);
    cr_assert_eq(hn_period_hash(&p, HN_PERIOD_ROOM + 1), 0);
    cr_assert_eq(hn_period_hash(&p, 0), 0);
    cr_assert_gt(hn_period_hash(&p, 3), HN_PERIOD_ROOM);
}

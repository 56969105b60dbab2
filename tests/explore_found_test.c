/* explore_found_test.c - the ways to fail that were met. */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/explore/found.h"

static struct hn_found found;

static void setup(void)
{
    memset(&found, 0, sizeof(found));
    found.strategy_now = "pos";
}
TestSuite(found, .init = setup);

/* An execution of so many choices fails. */
static void meet_way(uint64_t signature, enum hn_gravity gravity,
                     uint32_t choices, bool racy)
{
    found.executions++;
    found.racy_now = racy;
    hn_record_begin(&found.now, 0);
    for (uint32_t i = 0; i < choices; i++)
        hn_record_add(&found.now, i);
    hn_found_add(&found, &(struct hn_failed){.signature = signature,
                                             .gravity = gravity});
}

static void meet(uint64_t signature, uint32_t choices, bool racy)
{
    meet_way(signature, HN_GRAVITY_LEAK, choices, racy);
}

Test(found, each_way_is_kept_once_and_counted)
{
    meet(7, 3, false);
    meet(9, 3, false);
    meet(7, 3, false);
    cr_assert_eq(found.nfailures, 2);
    cr_assert(found.failures[0].times == 2 && found.failures[1].times == 1);
    cr_assert(found.failures[0].found_at == 1 &&
              found.failures[1].found_at == 2);
    cr_assert_str_eq(found.failures[0].strategy, "pos");
}

Test(found, shorter_ones_and_those_without_early_timers_are_better)
{
    struct hn_failure *f = found.failures;

    meet(7, 5, true);
    meet(7, 9, true);
    cr_assert_eq(f->record.n, 5);
    meet(7, 9, false);
    cr_assert(f->record.n == 9 && !f->racy);
    meet(7, 2, true);
    cr_assert(f->record.n == 9 && !f->racy);
    meet(7, 8, false);
    cr_assert_eq(f->record.n, 8);
}

Test(found, what_finds_no_room_is_counted)
{
    for (uint64_t i = 1; i <= HN_FAILURES_MAX + 3; i++)
        meet(i, 1, false);
    meet(1, 1, false);
    cr_assert_eq(found.nfailures, HN_FAILURES_MAX);
    cr_assert_eq(found.others, 3);
    cr_assert_eq(found.failures[0].times, 2);
}

Test(found, the_same_places_are_two_ways_where_only_one_is_stuck)
{
    meet_way(7, HN_GRAVITY_LEFT, 3, false);
    meet_way(7, HN_GRAVITY_LEAK, 3, false);
    meet_way(7, HN_GRAVITY_LEFT, 3, false);
    cr_assert_eq(found.nfailures, 2);
    cr_assert(found.failures[0].times == 2 && found.failures[1].times == 1);
}

Test(found, of_one_the_first_of_the_gravest_is_kept)
{
    found.one = true;
    meet_way(7, HN_GRAVITY_LEFT, 3, false);
    meet_way(8, HN_GRAVITY_LEFT, 3, false);
    cr_assert(found.nfailures == 1 && found.failures[0].how.signature == 7);
    meet_way(9, HN_GRAVITY_END, 5, false);
    meet_way(7, HN_GRAVITY_LEFT, 3, false);
    cr_assert(found.nfailures == 1 && found.failures[0].how.signature == 9);
    cr_assert_eq(found.failures[0].found_at, 3);
}

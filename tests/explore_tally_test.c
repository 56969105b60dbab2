/* explore_tally_test.c - what is usual, and what of it is left. */
#include <criterion/criterion.h>

#include "harness/explore/tally.h"

static struct hn_tally t;
static const int x, y;

static void teardown(void)
{
    hn_tally_free(&t);
}
TestSuite(tally, .fini = teardown);

static void count(const void *object, uint32_t slot, int times)
{
    while (times-- > 0)
        hn_tally_count(&t, object, slot, false);
}

Test(tally, nothing_is_usual_at_first)
{
    cr_assert_eq(hn_tally_left(&t, &x, 1), 0);
    count(&x, 1, 3);
    cr_assert_eq(hn_tally_left(&t, &x, 1), 0);
}

Test(tally, left_is_what_was_less_what_is)
{
    count(&x, 1, 3);
    count(&x, 2, 5);
    count(&y, 1, 7);
    hn_tally_end(&t);
    cr_assert_eq(hn_tally_left(&t, &x, 1), 3);
    cr_assert_eq(hn_tally_left(&t, &y, 1), 7);
    count(&x, 1, 2);
    cr_assert_eq(hn_tally_left(&t, &x, 1), 1);
    cr_assert_eq(hn_tally_left_all(&t, t.shared[0]), 6);
    count(&x, 1, 2);
    cr_assert_eq(hn_tally_left(&t, &x, 1), 0, "not below 0");
    cr_assert_eq(hn_tally_left_all(&t, t.shared[0]), 5);
}

Test(tally, the_kth_operation_is_of_one_of_them)
{
    uint32_t of[3] = {0};

    count(&x, 1, 3);
    count(&x, 2, 5);
    hn_tally_end(&t);
    count(&x, 2, 1);
    for (uint32_t k = 0; k < 7; k++)
        of[hn_tally_nth(&t, t.shared[0], k)]++;
    cr_assert_eq(of[1], 3);
    cr_assert_eq(of[2], 4);
    cr_assert_eq(hn_tally_nth(&t, t.shared[0], 7), HN_TALLY_NONE);
}

Test(tally, one_short_execution_is_soon_forgotten)
{
    count(&x, 1, 100);
    hn_tally_end(&t);
    count(&x, 1, 20);
    hn_tally_end(&t);
    cr_assert_eq(hn_tally_left(&t, &x, 1), 80);
    for (int i = 0; i < 30; i++) {
        count(&x, 1, 100);
        hn_tally_end(&t);
    }
    cr_assert_eq(hn_tally_left(&t, &x, 1), 100);
    for (int i = 0; i < 60; i++)
        hn_tally_end(&t);
    cr_assert_eq(hn_tally_left(&t, &x, 1), 0, "it is no more");
}

Test(tally, shared_are_objects_that_two_touch_and_one_changes)
{
    hn_tally_count(&t, &x, 1, true);
    hn_tally_count(&t, &x, 2, true);
    cr_assert_eq(t.nshared, 0, "they only look");
    hn_tally_count(&t, &x, 1, false);
    cr_assert_eq(t.nshared, 1);
    count(&y, 1, 5);
    cr_assert_eq(t.nshared, 1, "only one touches it");
    hn_tally_count(&t, &y, 2, true);
    cr_assert_eq(t.nshared, 2);
    count(&x, 3, 1);
    count(&y, 3, 1);
    cr_assert_eq(t.nshared, 2, "once each");
    cr_assert_eq(t.all[t.shared[0]].object, &x);
    cr_assert_eq(t.all[t.shared[1]].object, &y);
}

Test(tally, grows)
{
    static char many[1000];

    for (uint32_t i = 0; i < 1000; i++)
        count(&many[i], i % 7, (int)i % 5);
    hn_tally_end(&t);
    for (uint32_t i = 0; i < 1000; i++)
        cr_assert_eq(hn_tally_left(&t, &many[i], i % 7), i % 5);
}

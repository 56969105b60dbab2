/* explore_clocks_test.c - joins, and room for more lines. */
#include "harness/explore/clocks.h"
#include "harness/explore/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct hn_clocks c;

static void setup(void)
{
    c = (struct hn_clocks){0};
    hn_clocks_widen(&c, 3);
}

static void teardown(void)
{
    hn_memory_give(c.all);
}
TestSuite(clocks, .init = setup, .fini = teardown);

/* A new clock with one event in it. */
static uint32_t with(uint32_t line, uint32_t event)
{
    uint32_t i = hn_clocks_copy(&c, 0);

    hn_clock(&c, i)[line] = event;
    return i;
}

Test(clocks, the_first_has_no_event)
{
    cr_assert_eq(c.n, 1);
    for (uint32_t line = 0; line < c.width; line++)
        cr_assert_not(hn_clock_has(&c, 0, line, 1));
}

Test(clocks, joined_has_the_later_of_both)
{
    uint32_t a = with(0, 5), b = with(2, 7), both;

    hn_clock(&c, b)[0] = 3;
    both = hn_clocks_joined(&c, a, b);
    cr_assert_eq(both, c.n - 1);
    cr_assert_eq(hn_clock(&c, both)[0], 5);
    cr_assert_eq(hn_clock(&c, both)[2], 7);
    cr_assert_eq(hn_clock(&c, a)[2], 0, "a clock was written again");
}

Test(clocks, joined_makes_none_if_one_has_all)
{
    uint32_t a = with(0, 5), b = with(0, 6), n = c.n;

    cr_assert_eq(hn_clocks_joined(&c, a, b), b);
    cr_assert_eq(hn_clocks_joined(&c, b, a), b);
    cr_assert_eq(hn_clocks_joined(&c, 0, a), a);
    cr_assert_eq(c.n, n);
}

Test(clocks, wider_ones_keep_what_they_had)
{
    uint32_t a = with(2, 9), width = c.width;

    hn_clocks_widen(&c, 10 * width);
    cr_assert_geq(c.width, 10 * width);
    cr_assert_eq(hn_clock(&c, a)[2], 9);
    for (uint32_t line = width; line < c.width; line++)
        cr_assert_eq(hn_clock(&c, a)[line], 0);
    cr_assert(hn_clock_has(&c, a, 2, 9));
    cr_assert_not(hn_clock_has(&c, a, 2, 10));
}

Test(clocks, places_are_counted_a_long_way)
{
    uint32_t a = with(1, 3000000), b = with(1, 2999999);

    cr_assert_eq(hn_clocks_joined(&c, a, b), a);
}

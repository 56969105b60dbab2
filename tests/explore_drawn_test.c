/* explore_drawn_test.c - how many choices are left to the runtime. */
#include "harness/explore/drawn.h"

#include <criterion/criterion.h>

static struct hn_record record;
static uint32_t told; /* of so many that were known */

static const struct go_known *knows(struct hn_strategy *s, uint32_t *n)
{
    static const struct go_known known[3];

    (void)s;
    *n = 3;
    return known;
}

static void did(struct hn_strategy *s, uint32_t n)
{
    (void)s;
    told += n;
}

static uint64_t *draws(struct hn_strategy *s)
{
    static uint64_t state;

    (void)s;
    return &state;
}

static struct hn_drawn begun(const struct hn_strategy_kind *kind)
{
    struct hn_drawn d = {0};

    hn_record_begin(&record, 0);
    hn_drawn_begin(&d, kind, NULL, false, 0, &record);
    hn_drawn_allow(&d, HN_DRAWN_MAX);
    return d;
}

Test(drawn, what_is_known_as_far_as_it_is)
{
    struct hn_drawn d =
        begun(&(const struct hn_strategy_kind){.knows = knows, .did = did});
    uint64_t ops;

    cr_assert_eq(d.draw.left, 3);
    cr_assert_not(hn_drawn_any(&d));
    d.draw.left -= 2; /* as the runtime does */
    record.n += 2;
    cr_assert(hn_drawn_any(&d));
    cr_assert_eq(hn_drawn_count(&d, &ops), 2);
    cr_assert_eq(told, 2);
    cr_assert_eq(hn_drawn_left(&d), 1);
    hn_drawn_allow(&d, 0);
    cr_assert_eq(d.draw.left, 0);
    hn_record_add(&record, 0);
    cr_assert_eq(hn_drawn_left(&d), 0);
}

Test(drawn, what_is_drawn_always)
{
    struct hn_drawn d = begun(&(const struct hn_strategy_kind){.draws = draws});

    cr_assert_eq(d.draw.left, HN_DRAWN_MAX);
    record.n += 100;
    cr_assert_eq(hn_drawn_left(&d), HN_DRAWN_MAX);
}

Test(drawn, of_others_none)
{
    struct hn_drawn d = begun(&(const struct hn_strategy_kind){0});

    cr_assert_eq(d.draw.left, 0);
    cr_assert_not(hn_drawn_control(&d));
}

/*
 * duration_test.c - times and sizes, as people write them.
 */
#include "harness/duration.h"

#include <criterion/criterion.h>

static int64_t ns(const char *text)
{
    int64_t value = -1;

    return hn_duration_parse(text, &value) ? value : -1;
}

Test(duration, knows_every_unit)
{
    cr_assert_eq(ns("7ns"), 7);
    cr_assert_eq(ns("7us"), 7000);
    cr_assert_eq(ns("250ms"), 250000000);
    cr_assert_eq(ns("5s"), INT64_C(5000000000));
    cr_assert_eq(ns("1.5s"), 1500000000);
    cr_assert_eq(ns("2m"), INT64_C(120000000000));
    cr_assert_eq(ns("1h"), INT64_C(3600000000000));
    cr_assert_eq(ns("0s"), 0);
}

Test(duration, refuses_what_is_not_whole)
{
    static const char *const bad[] = {
        "",     "5",    "s",   "5 s", "5sec", "-5s",    "+5s", "5s ",
        "1e3s", "0x5s", "inf", "nan", ".5s",  "1.2.3s", "5S",  "99999999999h"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        cr_assert_eq(ns(bad[i]), -1, "'%s' was taken", bad[i]);
}

Test(duration, is_shown_with_three_digits)
{
    char buf[HN_DURATION_MAX];

    cr_assert_str_eq(hn_duration_text(0, buf), "0 ns");
    cr_assert_str_eq(hn_duration_text(999, buf), "999 ns");
    cr_assert_str_eq(hn_duration_text(2100000, buf), "2.10 ms");
    cr_assert_str_eq(hn_duration_text(12340000, buf), "12.3 ms");
    cr_assert_str_eq(hn_duration_text(1200000000, buf), "1.20 s");
}

Test(duration, sizes_are_powers_of_1024)
{
    uint64_t bytes;

    cr_assert(hn_size_parse("512M", &bytes) && bytes == 512u << 20);
    cr_assert(hn_size_parse("2GiB", &bytes) && bytes == UINT64_C(2) << 30);
    cr_assert(hn_size_parse("1T", &bytes) && bytes == UINT64_C(1) << 40);
    cr_assert(hn_size_parse("1.5K", &bytes) && bytes == 1536);
    cr_assert(hn_size_parse("10", &bytes) && bytes == 10);
    cr_assert_not(hn_size_parse("10X", &bytes));
    cr_assert_not(hn_size_parse("-1M", &bytes));
    cr_assert_not(hn_size_parse("", &bytes));
}

Test(duration, sizes_are_shown_in_their_unit)
{
    char buf[HN_DURATION_MAX];

    cr_assert_str_eq(hn_size_text(5, buf), "5 bytes");
    cr_assert_str_eq(hn_size_text(UINT64_C(4) << 30, buf), "4.0 GiB");
    cr_assert_str_eq(hn_size_text(UINT64_C(3) << 39, buf), "1.5 TiB");
}

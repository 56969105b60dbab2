/*
 * show_test.c - runs are gathered to scenarios, and counted by the worst.
 */
#include "harness/show.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct hn_scenario all[2] = {{.name = (char *)"a",
                                     .label = (char *)"a",
                                     .group = (char *)".",
                                     .program = (char *)"a",
                                     .file = (char *)"a.c",
                                     .about = (char *)"",
                                     .origin = (char *)""},
                                    {.name = (char *)"b",
                                     .label = (char *)"b",
                                     .group = (char *)".",
                                     .program = (char *)"b",
                                     .file = (char *)"b.c",
                                     .about = (char *)"",
                                     .origin = (char *)""}};
static struct hn_suite suite = {.all = all, .n = 2};
static struct hn_options options = {.repeat = 3, .quiet = true};
static struct hn_show show;

static void feed(const struct hn_scenario *s, enum hn_judgement judged)
{
    struct hn_result *r = calloc(1, sizeof(*r));

    r->scenario = s;
    r->judged = judged;
    cr_assert(show.sink.result(&show.sink, r));
}

static enum hn_exit end_of(size_t runs)
{
    struct hn_run_end end = {.last = {.runs = 6, .done = runs}};

    return hn_show_end(&show, &end);
}

static void begin(void)
{
    hn_show_init(&show, &suite, &options, fopen("/dev/null", "w"));
    hn_show_begin(&show);
}

Test(show, one_bad_run_makes_the_scenario_bad)
{
    begin();
    feed(&all[0], HN_AS_EXPECTED);
    feed(&all[0], HN_NOT_EXPECTED);
    feed(&all[0], HN_AS_EXPECTED);
    for (int i = 0; i < 3; i++)
        feed(&all[1], HN_AS_EXPECTED);
    cr_assert_eq(show.totals.scenarios, 2u);
    cr_assert_eq(show.totals.not_expected, 1u);
    cr_assert_eq(show.totals.as_expected, 1u);
    cr_assert_eq(show.nfailed, 1u);
    cr_assert_eq(show.failed[0].as_expected, 2);
    cr_assert_eq(show.failed[0].shown->judged, HN_NOT_EXPECTED);
    cr_assert_eq(end_of(6), HN_EXIT_NOT_EXPECTED);
}

Test(show, undecided_is_neither)
{
    begin();
    for (int i = 0; i < 3; i++)
        feed(&all[0], i == 1 ? HN_UNDECIDED : HN_AS_EXPECTED);
    for (int i = 0; i < 3; i++)
        feed(&all[1], HN_AS_EXPECTED);
    cr_assert_eq(show.totals.undecided, 1u);
    cr_assert_eq(show.totals.as_expected, 1u);
    cr_assert_eq(end_of(6), HN_EXIT_EXPECTED);
}

Test(show, runs_that_were_not_done_are_not_as_expected)
{
    begin();
    feed(&all[0], HN_AS_EXPECTED);
    cr_assert_eq(end_of(1), HN_EXIT_NOT_EXPECTED);
}

Test(show, an_output_that_fails_stops_the_runner)
{
    struct hn_result *r = calloc(1, sizeof(*r));
    FILE *full = fopen("/dev/full", "w");

    setvbuf(full, NULL, _IONBF, 0);
    options.quiet = false;
    options.repeat = 1;
    hn_show_init(&show, &suite, &options, full);
    hn_show_begin(&show);
    r->scenario = &all[0];
    cr_assert_not(show.sink.result(&show.sink, r));
}

/* reasons_test.c - what is not complete has a reason, in a line. */
#include "harness/explore/reasons.h"

#include <criterion/criterion.h>
#include <string.h>

#include "harness/explore/explain.h"
#include "harness/explore/explore.h"
#include "harness/explore/plan.h"

static struct hn_plan plan = {.ask = {.strategy = "default", .schedules = 7}};

static const char *why_of(const struct hn_explored *x)
{
    static char why[HN_REASONS_TEXT];

    return hn_reasons(&plan, x, why);
}

Test(reasons, what_is_complete_has_none)
{
    const struct hn_explored x = {.complete = true, .limits = {.late = true}};

    cr_assert_str_empty(why_of(&x));
}

Test(reasons, of_a_first_failure_is_that)
{
    struct hn_failing failing = {.flaky = false};
    const struct hn_explored x = {.failures = &failing, .nfailures = 1};

    cr_assert_str_eq(why_of(&x), "the search ends at the first failure");
}

Test(reasons, each_limit_is_one)
{
    const struct hn_explored all[] = {
        {.limits = {.late = true}},   {.limits = {.spent = true}},
        {.limits = {.wide = true}},   {.limits = {.descriptors = 1024}},
        {.limits = {.loops = true}},  {.limits = {.bound = 3}},
        {.limits = {.flowed = 1}},    {.limits = {.turns = 1}},
        {.limits = {.threads = 1}},   {.limits = {.waits = 1}},
        {.limits = {.crowds = 1}},    {.limits = {.daemons = 1}},
        {.limits = {.memory = true}}, {.limits = {.lost = true}},
        {.differs = {.differs = 1}},  {.limits = {.moved = true}},
        {.limits = {.outside = 1}},   {.limits = {.asked = 1}},
        {.hang = "somewhere"},        {.livelocks = 1},
        {.ended = "by a crash"},      {.limits = {.interrupted = true}}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        cr_assert_null(strstr(why_of(&all[i]), "not known"), "%zu", i);
        cr_assert_null(strchr(why_of(&all[i]), ';'), "%zu", i);
    }
}

Test(reasons, what_is_asked_for_may_be_one)
{
    const struct hn_explored x = {.limits = {.late = true}};

    plan.ask.strategy = "pos";
    cr_assert_str_eq(why_of(&x), "pos does not try all; the time was up");
    plan.ask.strategy = "dpor";
    plan.ask.fifo = true;
    cr_assert_str_eq(why_of(&x),
                     "with --fifo no search tries all; the time was up");
}

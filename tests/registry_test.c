/*
 * registry_test.c - what SCENARIO registers, and the defaults it leaves open.
 */
#include "harness/registry.h"

#include <criterion/criterion.h>

SCENARIO(first_of_all, .about = "one")
{
}

SCENARIO(second_of_all, .expect = EXPECT_LEAK(3), .procs = 4,
         .timeout = GO_MINUTE, .settle = GO_SETTLE_NONE)
{
}

Test(registry, keeps_the_order_of_the_file)
{
    const struct go_scenario *s = hn_registry_first();

    cr_assert_str_eq(s->name, "first_of_all");
    cr_assert_str_eq(s->next->name, "second_of_all");
    cr_assert_null(s->next->next);
    cr_assert(strstr(s->file, "registry_test.c") && s->line == 8);
}

Test(registry, finds_by_the_whole_name)
{
    cr_assert(hn_registry_find("second_of_all"));
    cr_assert_null(hn_registry_find("second"));
    cr_assert_null(hn_registry_find(""));
}

Test(registry, tells_a_name_that_is_there_twice)
{
    static struct go_scenario again = {.name = "first_of_all"};

    cr_assert_null(hn_registry_twice());
    go_scenario_register(&again);
    cr_assert_eq(hn_registry_twice(), &again);
}

Test(registry, fills_in_the_defaults_of_the_header)
{
    const struct go_scenario *s = hn_registry_find("first_of_all");

    cr_assert_eq(s->expect.kind, GO_EXPECT_CLEAN);
    cr_assert_eq(s->clock, GO_CLOCK_VIRTUAL);
    cr_assert_eq(hn_scenario_procs(s), 1);
    cr_assert_eq(hn_scenario_timeout(s), 10 * GO_SECOND);
    cr_assert_eq(hn_scenario_settle(s), GO_SECOND);
}

Test(registry, keeps_what_is_given)
{
    const struct go_scenario *s = hn_registry_find("second_of_all");

    cr_assert_eq(s->expect.kind, GO_EXPECT_LEAK);
    cr_assert_eq(s->expect.n, 3);
    cr_assert_eq(hn_scenario_procs(s), 4);
    cr_assert_eq(hn_scenario_timeout(s), GO_MINUTE);
    cr_assert_eq(hn_scenario_settle(s), GO_SETTLE_NONE);
}

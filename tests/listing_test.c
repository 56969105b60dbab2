/*
 * listing_test.c - a scenario survives the way through JSON.
 */
#include "harness/suite.h"

#include <criterion/criterion.h>

#include "harness/verdict.h"

static size_t scenarios;

static struct hn_scenario example(struct go_expect expect)
{
    return (struct hn_scenario){.program = (char *)"dir/prog",
                                .name = (char *)"one",
                                .file = (char *)"a \"b\".c",
                                .about = (char *)"",
                                .origin = (char *)"GoKer",
                                .class = (char *)"resource",
                                .line = 12,
                                .procs = 3,
                                .timeout = INT64_C(7200000000000),
                                .explore = true,
                                .expect = expect};
}

Test(listing, every_field_comes_back)
{
    struct hn_scenario s = example(EXPECT_LEAK(4)), back;
    json_t *line = hn_scenario_to_json(&s, 3);

    cr_assert(line);
    cr_assert_eq(hn_scenario_from_json(line, &back, &scenarios), 0);
    cr_assert_str_eq(back.name, "one");
    cr_assert_str_eq(back.file, "a \"b\".c");
    cr_assert_str_eq(back.about, "");
    cr_assert_str_eq(back.origin, "GoKer");
    cr_assert_str_eq(back.class, "resource");
    cr_assert(back.line == 12 && back.procs == 3 && back.explore);
    cr_assert_eq(back.timeout, INT64_C(7200000000000));
    cr_assert_eq(back.expect.kind, GO_EXPECT_LEAK);
    cr_assert_eq(back.expect.n, 4);
    cr_assert_eq(scenarios, 3u);
}

Test(listing, bytes_of_any_encoding_come_back)
{
    struct hn_scenario s = example(EXPECT_PANIC("\xfc \xc3\xbc")), back;
    json_t *line;

    s.about = (char *)"\"\\\n\xed\xa0\x80";
    s.file = s.program = (char *)"M\xfcller/a.c";
    line = hn_scenario_to_json(&s, 1);
    cr_assert_str_eq(json_string_value(json_object_get(line, "file")),
                     "M\xef\xbf\xbdller/a.c");
    cr_assert_eq(hn_scenario_from_json(line, &back, &scenarios), 0);
    cr_assert_str_eq(back.expect.text, "\xfc \xc3\xbc");
    cr_assert_str_eq(back.about, s.about);
    cr_assert_str_eq(back.file, s.file);
    cr_assert_not(json_object_get(line, "scenario_hex"));
}

static const struct go_expect expectations[] = {
    EXPECT_CLEAN,         EXPECT_DEADLOCK,    EXPECT_LEAK(2),
    EXPECT_LEAKS(0, 5),   EXPECT_STUCK(2, 5), EXPECT_LEFT(3),
    EXPECT_PANIC("text"), EXPECT_LIVELOCK,    EXPECT_LOCK_ORDER,
};

Test(listing, every_expectation_comes_back)
{
    for (size_t i = 0; i < sizeof(expectations) / sizeof(*expectations); i++) {
        struct hn_scenario s = example(expectations[i]), back;
        char was[HN_EXPECT_MAX], is[HN_EXPECT_MAX];
        json_t *line = hn_scenario_to_json(&s, 3);
        cr_assert_eq(hn_scenario_from_json(line, &back, &scenarios), 0);
        cr_assert_eq(back.expect.kind, s.expect.kind);
        cr_assert_str_eq(hn_expect_text(&back.expect, is),
                         hn_expect_text(&s.expect, was));
        json_decref(line);
    }
}

Test(listing, what_a_scenario_does_not_say_is_null)
{
    static const char *const silent[] = {"about",         "origin",
                                         "class",         "expected_count",
                                         "expected_most", "expected_text"};
    struct hn_scenario s = example(EXPECT_DEADLOCK);
    json_t *line;

    s.origin = s.class = (char *)"";
    line = hn_scenario_to_json(&s, 1);
    for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++)
        cr_assert(json_is_null(json_object_get(line, silent[i])), "%s",
                  silent[i]);
    json_decref(line);
}

static int read_line(const char *text)
{
    struct hn_scenario s;
    json_t *line = json_loads(text, 0, NULL);

    cr_assert(line);
    return hn_scenario_from_json(line, &s, &scenarios);
}

Test(listing, other_lines_are_none_and_unknown_verdicts_are_refused)
{
    cr_assert_eq(read_line("{}"), -EINVAL);
    cr_assert_eq(read_line("{\"schema\": 5}"), -EINVAL);
    cr_assert_eq(read_line("{\"schema\":\"vigil-report/1\"}"), -EINVAL);
    cr_assert_eq(read_line("{\"schema\":\"vigil-list/1\"}"), -EPROTO);
    cr_assert_eq(read_line("{\"schema\":\"vigil-list/1\","
                           "\"expected\":\"miracle\"}"),
                 -EPROTO);
    cr_assert_eq(read_line("{\"schema\":\"vigil-list/1\","
                           "\"expected\":\"crash\"}"),
                 -EPROTO);
}

/*
 * format_json_test.c - harness/formats/json.c: a valid line a run, whatever happened,
 * and a summary.
 */
#include "harness/formats/format.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct hn_scenario scenario = {
    .name = (char *)"one",
    .program = (char *)"dir/prog",
    .file = (char *)"f.c",
    .about = (char *)"about",
    .origin = (char *)"",
    .expect = {.kind = GO_EXPECT_LEAK, .n = 2}};
static struct hn_suite suite = {.all = &scenario, .n = 1};
static struct hn_options options = {.seed = 5};
static struct hn_writer writer = {.suite = &suite, .options = &options};
static char *written;
static size_t nwritten;

static void open_writer(void)
{
    writer.out = open_memstream(&written, &nwritten);
}

/* The one line that was written. */
static json_t *line_back(void)
{
    json_error_t error;
    json_t *line;

    fclose(writer.out);
    cr_assert_eq(strchr(written, '\n'), written + nwritten - 1);
    line = json_loads(written, 0, &error);
    cr_assert(line, "%s: %s", error.text, written);
    return line;
}

static const char *text(const json_t *line, const char *key)
{
    return json_string_value(json_object_get(line, key));
}

static json_t *run_back(struct hn_result *r)
{
    r->scenario = &scenario;
    open_writer();
    hn_format_json.run(&writer, r);
    return line_back();
}

Test(json, a_run_has_all_fields_also_without_a_report)
{
    static const char *const keys[] = {
        "schema",      "scenario", "path",   "verdict",  "expected",
        "as_expected", "seed",     "procs",  "clock_ns", "wall_ns",
        "findings",    "detector", "replay", "output"};
    struct hn_result r = {.seen = {.verdict = GO_VERDICT_CRASH},
                          .judged = HN_NOT_EXPECTED,
                          .why = "why",
                          .note = "note"};
    json_t *line = run_back(&r);

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        cr_assert(json_object_get(line, keys[i]), "%s", keys[i]);
    cr_assert_str_eq(text(line, "verdict"), "crash");
    cr_assert_str_eq(text(line, "expected"), "leak");
    cr_assert_str_eq(text(line, "why"), "why");
    cr_assert_str_eq(text(line, "note"), "note");
    cr_assert(json_is_false(json_object_get(line, "as_expected")));
    cr_assert(json_is_false(
        json_object_get(json_object_get(line, "detector"), "complete")));
}

Test(json, the_report_is_passed_on_and_the_harness_has_the_last_word)
{
    struct hn_result r = {
        .seen = {.verdict = GO_VERDICT_CRASH},
        .report = json_loads("{\"verdict\":\"clean\",\"clock_ns\":77,"
                             "\"findings\":[{\"shape\":\"ring\"}],"
                             "\"detector\":{\"complete\":true},\"new\":1}",
                             0, NULL)};
    json_t *line = run_back(&r);

    cr_assert_str_eq(text(line, "verdict"), "crash");
    cr_assert_eq(json_integer_value(json_object_get(line, "clock_ns")), 77);
    cr_assert_eq(json_integer_value(json_object_get(line, "new")), 1);
    cr_assert_str_eq(
        text(json_array_get(json_object_get(line, "findings"), 0), "shape"),
        "ring");
}

static bool is_null(const json_t *o, const char *key)
{
    return json_is_null(json_object_get(o, key));
}

/* J2 */
Test(json, what_nobody_has_written_is_null_at_any_depth)
{
    struct hn_result r = {
        .report =
            json_loads("{\"findings\":[{\"goroutines\":[{\"objects\":[{}]}]},"
                       "{\"shape\":\"order\",\"goroutines\":[{\"held\":{}}]}]}",
                       0, NULL),
        .explored = json_loads("{\"decisive\":{\"first\":{}}}", 0, NULL)};
    json_t *line = run_back(&r), *findings = json_object_get(line, "findings");
    json_t *f = json_array_get(findings, 0),
           *order = json_array_get(findings, 1);
    json_t *g = json_array_get(json_object_get(f, "goroutines"), 0);
    json_t *locker = json_array_get(json_object_get(order, "goroutines"), 0);

    cr_assert(is_null(line, "why") && is_null(line, "lock_order"));
    cr_assert(is_null(f, "known") && is_null(order, "left"));
    cr_assert(is_null(json_array_get(json_object_get(g, "objects"), 0), "cap"));
    cr_assert(is_null(json_object_get(locker, "held"), "mode"));
    cr_assert(is_null(locker, "path") && !json_object_get(locker, "daemon"));
    cr_assert(is_null(line, "races"));
    cr_assert(is_null(
        json_object_get(json_object_get(line, "decisive"), "first"), "site"));
}

Test(json, a_run_that_was_not_explored_has_no_fields_of_explorations)
{
    struct hn_result r = {0};
    json_t *line = run_back(&r);

    cr_assert_not(json_object_get(line, "strategy"));
}

/* J1 */
Test(json, output_that_is_no_utf8_is_replaced)
{
    char bytes[] = "a\xff"
                   "b\xc3\xa9\xc0\x80\xed\xa0\x80\xf0\x9f\x98\x80\x1b";
    struct hn_result r = {.output = bytes, .output_len = sizeof(bytes) - 1};
    json_t *line = run_back(&r);
    const json_t *output = json_object_get(line, "output");

    cr_assert(!memcmp(json_string_value(output),
                      "a\xef\xbf\xbd"
                      "b\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd"
                      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80"
                      "\x1b",
                      json_string_length(output)));
}

Test(json, any_bytes_make_a_line_that_reads_back)
{
    char bytes[64];

    for (unsigned seed = 0; seed < 3000; seed++) {
        struct hn_result r = {.output = bytes, .output_len = seed % 64};
        srand(seed);
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (char)(rand() % 4 ? 0x80 + rand() % 0x80 : rand());
        json_decref(run_back(&r));
        free(written);
    }
}

Test(json, the_summary_counts)
{
    struct hn_totals totals = {
        .scenarios = 3,
        .as_expected = 1,
        .not_expected = 1,
        .undecided = 1,
        .end.last = {.runs = 6, .done = 6, .as_expected = 3, .wall = 9}};
    json_t *line;

    open_writer();
    hn_format_json.end(&writer, NULL, 0, &totals);
    line = line_back();
    cr_assert_str_eq(text(line, "schema"), "vigil-summary/1");
    cr_assert_eq(json_integer_value(json_object_get(line, "scenarios")), 3);
    cr_assert_eq(json_integer_value(json_object_get(line, "not_expected")), 1);
    cr_assert_eq(json_integer_value(json_object_get(line, "undecided")), 1);
    cr_assert_eq(json_integer_value(json_object_get(line, "runs")), 6);
    cr_assert(json_is_false(json_object_get(line, "interrupted")));
}

Test(json, list_is_a_line_a_scenario)
{
    json_t *line;

    open_writer();
    hn_format_json.list(&writer);
    line = line_back();
    cr_assert_str_eq(text(line, "schema"), "vigil-list/1");
    cr_assert_str_eq(text(line, "path"), "dir/prog");
}

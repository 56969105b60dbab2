/*
 * result_test.c - what a child said is believed as far as its end bears it out.
 */
#include "harness/result.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct hn_scenario scenario = {.name = (char *)"one",
                                      .expect = {.kind = GO_EXPECT_CLEAN}};
static struct hn_options options = {.memory = 1 << 20};
static struct hn_capture from[HN_FROM_COUNT];
static struct hn_finished finished = {.scenario = &scenario,
                                      .options = &options,
                                      .timeout = 2000000000,
                                      .ending = {.code = 0},
                                      .from = from};

#define REPORT(v) "{\"schema\":\"vigil-report/1\",\"verdict\":\"" v "\"}\n"
#define OUTCOME(v, status)                                                     \
    "{\"schema\":\"vigil-outcome/1\",\"verdict\":\"" v "\",\"status\":" status \
    ",\"leaked\":2,\"left\":1,\"hints\":3}\n"

/* The result of a run whose report was these lines. */
static struct hn_result *result_of(const char *lines)
{
    hn_capture_init(&from[HN_FROM_OUTPUT], 1000, 1000);
    hn_capture_init(&from[HN_FROM_TEXT], 1000, 1000);
    hn_capture_init(&from[HN_FROM_REPORT], 2000, 0);
    hn_capture_add(&from[HN_FROM_REPORT], lines, strlen(lines));
    return hn_result_make(&finished);
}

Test(result, the_outcome_gives_verdict_and_numbers)
{
    struct hn_result *r = result_of(REPORT("leak") OUTCOME("leak", "0"));

    cr_assert_eq(r->seen.verdict, GO_VERDICT_LEAK);
    cr_assert_eq(r->seen.leaked, 2u);
    cr_assert_eq(r->seen.left, 1u);
    cr_assert_eq(r->seen.hints, 3u);
    cr_assert_eq(r->judged, HN_NOT_EXPECTED);
    cr_assert_str_eq(r->note, "");
    cr_assert_not_null(r->report);
    hn_result_free(r);
}

Test(result, without_an_outcome_the_findings_are_counted)
{
    struct hn_result *r = result_of(
        "{\"schema\":\"vigil-report/1\",\"verdict\":\"leak\",\"findings\":["
        "{\"verdict\":\"leak\",\"goroutines\":[{},{}]},"
        "{\"verdict\":\"left\",\"goroutines\":[{}]},"
        "{\"verdict\":\"leak\",\"goroutines\":[{}]}]}");

    cr_assert_eq(r->seen.leaked, 3u);
    cr_assert_eq(r->seen.left, 1u);
}

static const char one_leak[] =
    "{\"schema\":\"vigil-report/1\",\"verdict\":\"leak\",\"findings\":["
    "{\"verdict\":\"leak\",\"fingerprint\":\"00000000000000aa\","
    "\"leaked\":2,\"left\":1,\"goroutines\":[{},{}]}]}\n" OUTCOME("leak", "0");

Test(result, a_known_finding_is_excused_unless_it_was_expected)
{
    struct hn_known known = {
        .fingerprint = 0xaa, .reason = (char *)"why", .until = (char *)"never"};
    struct hn_baseline baseline = {.all = &known, .n = 1};
    struct hn_result *r;

    options.baseline = &baseline;
    r = result_of(one_leak);
    cr_assert_eq(r->judged, HN_AS_EXPECTED);
    cr_assert(r->excused);
    cr_assert_eq(r->known, &known);
    cr_assert_eq(r->seen.verdict, GO_VERDICT_LEAK);
    scenario.expect = (struct go_expect)EXPECT_LEAK(2);
    r = result_of(one_leak);
    cr_assert_eq(r->judged, HN_AS_EXPECTED);
    cr_assert_not(r->excused);
    cr_assert_eq(known.met, 2u);
    known.expired = true;
    scenario.expect = (struct go_expect)EXPECT_CLEAN;
    r = result_of(one_leak);
    cr_assert_eq(r->judged, HN_NOT_EXPECTED);
    cr_assert_null(r->known);
}

Test(result, who_quits_after_a_report_without_an_outcome_is_a_crash)
{
    struct hn_result *r;

    finished.ending = (struct hn_ending){.code = 2};
    r = result_of(REPORT("slow"));
    cr_assert_eq(r->seen.verdict, GO_VERDICT_CRASH);
    cr_assert_str_eq(
        r->note, "ended with exit status 2 after its verdict, which was slow");
}

Test(result, panic_messages_are_gathered)
{
    struct hn_result *r = result_of(
        "{\"schema\":\"vigil-report/1\",\"verdict\":\"panic\",\"findings\":["
        "{\"verdict\":\"panic\",\"message\":\"one\"},"
        "{\"verdict\":\"leak\",\"message\":\"no\"},"
        "{\"verdict\":\"panic\",\"message\":\"two\"}]}\n" OUTCOME("panic",
                                                                  "0"));

    cr_assert_str_eq(r->seen.panic, "one\ntwo");
}

Test(result, no_report_is_a_crash_that_says_how_it_ended)
{
    finished.ending = (struct hn_ending){.code = 7};
    cr_assert_str_eq(result_of("")->note,
                     "ended with exit status 7 before its verdict");
    cr_assert_eq(result_of("")->seen.verdict, GO_VERDICT_CRASH);
    finished.ending = (struct hn_ending){.code = -1, .signal = SIGSEGV};
    cr_assert_str_eq(result_of("")->note,
                     "killed by SIGSEGV (Segmentation fault) before its "
                     "verdict");
    finished.ending = (struct hn_ending){.code = 70};
    cr_assert(strstr(result_of("")->note, "the runtime failed itself"));
}

Test(result, a_broken_or_cut_report_is_none)
{
    static const char *const bad[] = {
        "{\"schema\":\"vigil-report/1\",\"verdict\":\"cle",
        "garbage\n",
        "{}\n",
        "{\"schema\":\"vigil-report/1\"}\n",
        REPORT("miracle"),
        "[1,2]\n5\n"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct hn_result *r = result_of(bad[i]);
        cr_assert_eq(r->seen.verdict, GO_VERDICT_CRASH, "%s", bad[i]);
        cr_assert_eq(r->judged, HN_NOT_EXPECTED);
    }
}

/* U2: sanitizers speak by the exit status, when the verdict is long there. */
Test(result, a_bad_end_after_a_clean_verdict_is_a_crash)
{
    struct hn_result *r;

    finished.ending = (struct hn_ending){.code = 23};
    r = result_of(REPORT("clean") OUTCOME("clean", "0"));
    cr_assert_eq(r->seen.verdict, GO_VERDICT_CRASH);
    cr_assert_str_eq(r->note, "ended with exit status 23 after its verdict, "
                              "which was clean");
}

Test(result, a_verdict_of_a_runtime_that_failed_is_none)
{
    struct hn_result *r;

    finished.ending.code = 70;
    r = result_of(REPORT("clean") OUTCOME("clean", "70"));
    cr_assert_eq(r->seen.verdict, GO_VERDICT_CRASH);
    cr_assert(strstr(r->note, "the runtime failed itself, exit status 70"));
    cr_assert_eq(r->judged, HN_NOT_EXPECTED);
    hn_result_free(r);
}

Test(result, a_time_out_counts_whatever_was_said)
{
    struct hn_result *r;

    finished.stop = HN_STOP_TIMEOUT;
    r = result_of(REPORT("clean") OUTCOME("clean", "0"));
    cr_assert_eq(r->seen.verdict, GO_VERDICT_TIMEOUT);
    cr_assert_str_eq(r->note, "no verdict within 2.00 s: ended");
    cr_assert_eq(r->judged, HN_NOT_EXPECTED);
}

#define EXPLORED(fields) "{\"schema\":\"vigil-explore/1\"," fields "}\n"

/* The run that was to be shown was ended. */
Test(result, what_a_search_has_told_is_the_verdict_and_no_time_out)
{
    struct hn_result *r;

    finished.stop = HN_STOP_TIMEOUT;
    finished.explores = true;
    r = result_of(EXPLORED("\"executions\":3,\"unended\":2,\"found\":false")
                      REPORT("clean"));
    cr_assert_eq(r->seen.verdict, GO_VERDICT_CLEAN);
    cr_assert_str_eq(
        r->note,
        "the run that was to show it came to no end within 2.00 s: ended");
    cr_assert_eq(r->judged, HN_AS_EXPECTED);
    r = result_of(EXPLORED("\"executions\":3,\"unended\":3,\"found\":true,"
                           "\"seen\":\"deadlock\"") REPORT("slow"));
    cr_assert_eq(r->seen.verdict, GO_VERDICT_DEADLOCK);
    cr_assert_eq(r->judged, HN_NOT_EXPECTED);
    cr_assert_str_eq(r->why,
                     "a schedule failed, and there was no time to show it");
}

Test(result, where_nothing_came_to_its_end_it_is_a_time_out)
{
    struct hn_result *r;

    finished.stop = HN_STOP_TIMEOUT;
    finished.explores = true;
    r = result_of(EXPLORED("\"executions\":3,\"unended\":3,\"found\":false")
                      REPORT("slow"));
    cr_assert_eq(r->seen.verdict, GO_VERDICT_TIMEOUT);
    cr_assert_eq(r->judged, HN_NOT_EXPECTED);
}

Test(result, too_much_memory_and_strays_are_told)
{
    struct hn_result *r;

    finished.stop = HN_STOP_MEMORY;
    finished.ending.strays = 2;
    r = result_of("");
    cr_assert_eq(r->seen.verdict, GO_VERDICT_CRASH);
    cr_assert_str_eq(r->note, "kept more than 1.0 MiB in memory (--memory): "
                              "ended; 2 processes left behind, ended");
}

Test(result, a_report_too_long_is_told)
{
    char *lines = malloc(5000);
    struct hn_result *r;

    memset(lines, ' ', 4999);
    lines[4999] = '\0';
    r = result_of(lines);
    cr_assert(strstr(r->note, "its report is too long to keep (4999 bytes)"));
    free(lines);
}

/*
 * format_text_test.c - harness/formats/text.c: what a person reads.
 */
#include "harness/formats/format.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>

static struct hn_scenario all[] = {
    {.name = (char *)"one",
     .label = (char *)"one",
     .group = (char *)"dir",
     .program = (char *)"dir/one",
     .file = (char *)"one.c",
     .line = 3,
     .about = (char *)"about one"},
    {.name = (char *)"longer",
     .label = (char *)"prog:longer",
     .group = (char *)"dir",
     .program = (char *)"dir/prog",
     .file = (char *)"prog.c",
     .about = (char *)"",
     .expect = {.kind = GO_EXPECT_LEAK, .n = 2}},
};
static struct hn_suite suite = {.all = all, .n = 2};
static struct hn_options options;
static struct hn_writer writer = {.suite = &suite, .options = &options};
static char *written;
static size_t nwritten;

static void open_writer(void)
{
    writer.out = open_memstream(&written, &nwritten);
}

static const char *text(void)
{
    fclose(writer.out);
    return written;
}

static struct hn_result good = {.scenario = &all[0],
                                .seen = {.verdict = GO_VERDICT_CLEAN}};
static struct hn_result bad = {.scenario = &all[1],
                               .seen = {.verdict = GO_VERDICT_CLEAN},
                               .judged = HN_NOT_EXPECTED,
                               .why = "expected leak(2), got clean",
                               .note = "a note",
                               .replay = (char *)"vigil run dir/prog:longer",
                               .output = (char *)"line\nred \033[31m\n",
                               .output_len = 14};

Test(text, the_table_is_aligned_and_grouped)
{
    struct hn_tally a = {&all[0], 1, 1, 0, 0, 0, 2100000, &good};
    struct hn_tally b = {&all[1], 1, 0, 1, 0, 0, 9000, &bad};

    open_writer();
    hn_format_text.begin(&writer);
    hn_format_text.scenario(&writer, &a);
    hn_format_text.scenario(&writer, &b);
    cr_assert_str_eq(
        text(), "  scenario     expected    verdict          time\n"
                "dir\n"
                "  one          clean       clean         2.10 ms  ok\n"
                "  prog:longer  leak(2)     clean         9.00 us  FAIL\n");
}

Test(text, repeated_runs_tell_how_many_were_as_expected)
{
    struct hn_tally t = {&all[1], 10, 7, 3, 0, 0, 100, &bad};

    open_writer();
    hn_format_text.scenario(&writer, &t);
    cr_assert(strstr(text(), "FAIL  7 of 10\n"));
}

Test(text, what_the_baseline_excuses_is_known_and_why)
{
    struct hn_known known = {.until = (char *)"2027-01-31",
                             .reason = (char *)"old pool"};
    struct hn_result r = {.scenario = &all[0],
                          .seen = {.verdict = GO_VERDICT_DEADLOCK},
                          .known = &known,
                          .excused = true};
    struct hn_tally t = {&all[0], 1, 1, 0, 0, 0, 100, &r};

    open_writer();
    hn_format_text.scenario(&writer, &t);
    cr_assert(strstr(text(), "  known until 2027-01-31: old pool\n"));
}

Test(text, a_failure_tells_the_fingerprints_of_its_findings)
{
    struct hn_result r = bad;
    struct hn_tally t = {&all[1], 1, 0, 1, 0, 0, 100, &r};
    struct hn_totals totals = {.scenarios = 1};

    r.report = json_loads("{\"findings\":[{\"fingerprint\":\"0a\",\"verdict\":"
                          "\"leak\",\"message\":\"m\",\"known\":{}},{}]}",
                          0, NULL);
    open_writer();
    hn_format_text.end(&writer, &t, 1, &totals);
    cr_assert(strstr(text(), "  fingerprint: 0a  leak: m (known)\n"));
    json_decref(r.report);
}

Test(text, a_failure_has_all_that_is_needed)
{
    struct hn_tally t = {&all[1], 1, 0, 1, 0, 0, 100, &bad};
    struct hn_totals totals = {.scenarios = 2,
                               .as_expected = 1,
                               .not_expected = 1,
                               .end.last = {.runs = 2, .done = 2}};
    const char *out;

    open_writer();
    hn_format_text.end(&writer, &t, 1, &totals);
    out = text();
    cr_assert(strstr(out, "FAIL dir/prog:longer  expected leak(2), got clean"));
    cr_assert(strstr(out, "a note"));
    cr_assert(strstr(out, "reproduce: vigil run dir/prog:longer\n"));
    cr_assert(strstr(out, "\n2 scenarios: 1 as expected, 1 not ("));
}

/* X1 */
Test(text, control_characters_do_not_reach_the_terminal)
{
    struct hn_tally t = {&all[1], 1, 0, 1, 0, 0, 100, &bad};
    struct hn_totals totals = {.scenarios = 1};

    open_writer();
    hn_format_text.end(&writer, &t, 1, &totals);
    cr_assert(strstr(text(), "      red \\x1b[31m\n"));
    cr_assert_null(strchr(written, '\033'));
}

/* X1. A panic has its message from the scenario. */
Test(text, control_characters_in_the_reason_do_neither)
{
    struct hn_result r = bad;
    struct hn_tally t = {&all[1], 1, 0, 1, 0, 0, 100, &r};
    struct hn_totals totals = {.scenarios = 1};

    strcpy(r.why, "got panic: \033[31m\001");
    r.report = json_pack("{s:[{s:s, s:s, s:s}]}", "findings", "fingerprint",
                         "f", "verdict", "panic", "message", "\033[32m");
    open_writer();
    hn_format_text.end(&writer, &t, 1, &totals);
    cr_assert(strstr(text(), "got panic: \\x1b[31m\\x01\n"));
    cr_assert(strstr(written, "panic: \\x1b[32m\n"));
    cr_assert_null(strchr(written, '\033'));
    json_decref(r.report);
}

/* X2 */
Test(text, long_output_is_cut_unless_verbose)
{
    struct hn_result r = bad;
    struct hn_tally t = {&all[1], 1, 0, 1, 0, 0, 100, &r};
    struct hn_totals totals = {.scenarios = 1};

    r.output_len = 1 << 20;
    r.output = malloc(r.output_len);
    memset(r.output, 'x', r.output_len);
    for (int verbose = 0; verbose < 2; verbose++) {
        options.verbose = verbose;
        open_writer();
        hn_format_text.end(&writer, &t, 1, &totals);
        text();
        cr_assert_eq(nwritten > 1 << 20, (bool)verbose);
        cr_assert_eq(!strstr(written, "--verbose shows them"), (bool)verbose);
    }
}

Test(text, quiet_leaves_out_what_is_fine)
{
    struct hn_tally a = {&all[0], 1, 1, 0, 0, 0, 5, &good};
    struct hn_tally b = {&all[1], 1, 0, 1, 0, 0, 5, &bad};

    options.quiet = true;
    open_writer();
    hn_format_text.begin(&writer);
    hn_format_text.scenario(&writer, &a);
    hn_format_text.scenario(&writer, &b);
    cr_assert(strstr(text(), "FAIL"));
    cr_assert_null(strstr(written, "  one "));
}

Test(text, totals_say_what_is_undecided_and_interrupted)
{
    struct hn_totals t = {.scenarios = 1,
                          .undecided = 1,
                          .end = {.last = {.runs = 9, .done = 4}, .signal = 2}};

    open_writer();
    hn_totals_print(writer.out, &t);
    cr_assert_str_eq(text(), "1 scenario, 4 runs: 0 as expected, 0 not, 1 "
                             "undecided (need exploration); interrupted: 4 of "
                             "9 runs done (0 ns)");
}

Test(text, colors_only_when_asked_for)
{
    struct hn_tally t = {&all[0], 1, 1, 0, 0, 0, 5, &good};

    writer.color = true;
    open_writer();
    hn_format_text.scenario(&writer, &t);
    cr_assert(strstr(text(), "\033[32mok\033[0m"));
}

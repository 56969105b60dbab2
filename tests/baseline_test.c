/*
 * baseline_test.c - known findings are read, and taken away from what is
 * judged.
 */
#include "harness/baseline.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEAK  "00000000000000aa"
#define LEFT  "00000000000000bb"
#define OTHER "ffffffffffffffff"

static struct hn_baseline baseline;
static char why[HN_BASELINE_WHY];
static struct hn_seen rest;

/* What reading these lines on that day gives; they come from a file known.txt
   in a folder of their own. */
static int read_on(const char *today, const char *lines)
{
    char folder[] = "/tmp/vigil-baseline-XXXXXX";
    FILE *out;
    int err;

    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    out = fopen("known.txt", "w");
    fputs(lines, out);
    fclose(out);
    err = hn_baseline_read(&baseline, "known.txt", today, why);
    unlink("known.txt");
    cr_assert(chdir("/") == 0 && rmdir(folder) == 0);
    return err;
}

static const struct hn_known *apply(const char *findings, struct hn_seen seen)
{
    json_t *report =
        json_pack("{s:o}", "findings", json_loads(findings, 0, NULL));

    cr_assert_not_null(report);
    return hn_baseline_apply(&baseline, report, &seen, &rest);
}

static const char *warnings(void)
{
    static char *text;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    hn_baseline_warn(&baseline, "vigil: ", out);
    fclose(out);
    return text;
}

Test(baseline, entries_stand_between_comments_and_empty_lines)
{
    cr_assert_eq(
        read_on("2026-11-21",
                "# of the old pool\n\n" LEAK
                "  until=2027-01-31\ttill the pool is new \r\n  \n" LEFT
                " until=never it is meant"),
        0);
    cr_assert_eq(baseline.n, 2u);
    cr_assert_eq(baseline.all[0].fingerprint, 0xaau);
    cr_assert_str_eq(baseline.all[0].until, "2027-01-31");
    cr_assert_str_eq(baseline.all[0].reason, "till the pool is new");
    cr_assert_eq(baseline.all[0].line, 3);
    cr_assert_str_eq(baseline.all[1].until, "never");
    cr_assert_str_eq(baseline.all[1].reason, "it is meant");
    hn_baseline_free(&baseline);
}

Test(baseline, a_wrong_line_is_told_with_its_file_and_number)
{
    static const struct {
        const char *line, *part;
    } wrong[] = {
        {"leak until=never why", "'leak' is no fingerprint"},
        {"00000000000000AA until=never why", "is no fingerprint"},
        {LEAK "0 until=never why", "is no fingerprint"},
        {LEAK, "'' is not until="},
        {LEAK " because", "'because' is not until="},
        {LEAK " until=soon why", "'until=soon' is not until="},
        {LEAK " until=never  ", "no reason"},
        {LEAK " until=never \xff", "no UTF-8"},
        {OTHER " until=never again", OTHER " stands in line 1 already"},
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char lines[200];

        snprintf(lines, sizeof(lines), OTHER " until=never x\n%s\n",
                 wrong[i].line);
        cr_assert_eq(read_on("2026-11-21", lines), -EINVAL, "%s", lines);
        cr_assert_eq(strncmp(why, "known.txt:2: ", 13), 0, "%s", why);
        cr_assert(strstr(why, wrong[i].part), "%s", why);
        cr_assert_null(strchr(why, '\n'));
        hn_baseline_free(&baseline);
    }
}

Test(baseline, only_days_of_the_calendar_are_days)
{
    static const struct {
        const char *day;
        int err;
    } days[] = {
        {"2028-02-29", 0},        {"2000-02-29", 0},
        {"2027-02-29", -EINVAL},  {"2100-02-29", -EINVAL},
        {"2027-04-31", -EINVAL},  {"2027-12-31", 0},
        {"2027-13-01", -EINVAL},  {"2027-00-10", -EINVAL},
        {"2027-01-00", -EINVAL},  {"2027-1-1", -EINVAL},
        {"2027-01-011", -EINVAL}, {"2027-x1-01", -EINVAL},
        {"2027/01/01", -EINVAL},  {"", -EINVAL},
    };

    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        char line[100];

        snprintf(line, sizeof(line), LEAK " until=%s why\n", days[i].day);
        cr_assert_eq(read_on("2026-11-21", line), days[i].err, "%s", line);
        hn_baseline_free(&baseline);
    }
}

Test(baseline, a_file_that_is_not_there_is_told)
{
    cr_assert_eq(hn_baseline_read(&baseline, "/nowhere/x", "2026-11-21", why),
                 -ENOENT);
    cr_assert_str_eq(why, "cannot read /nowhere/x: No such file or directory");
}

Test(baseline, what_is_no_text_is_not_read_to_its_end)
{
    char line[5000];

    cr_assert_eq(hn_baseline_read(&baseline, "/dev/zero", "2026-11-21", why),
                 -EINVAL);
    cr_assert(strstr(why, "/dev/zero:1: the line is no text"), "%s", why);
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    memcpy(line, LEAK " until=never ", strlen(LEAK " until=never "));
    cr_assert_eq(read_on("2026-11-21", line), -EINVAL);
    line[4000] = '\0';
    cr_assert_eq(read_on("2026-11-21", line), 0);
    hn_baseline_free(&baseline);
}

Test(baseline, an_entry_holds_on_its_last_day_and_no_longer)
{
    const char *line = LEAK " until=2027-01-31 why\n";
    const char *leak = "[{\"verdict\":\"leak\",\"fingerprint\":\"" LEAK "\","
                       "\"leaked\":1,\"left\":0}]";
    struct hn_seen seen = {.verdict = GO_VERDICT_LEAK, .leaked = 1};

    cr_assert_eq(read_on("2027-01-31", line), 0);
    cr_assert_not_null(apply(leak, seen));
    cr_assert_eq(rest.verdict, GO_VERDICT_CLEAN);
    cr_assert_str_eq(warnings(), "");
    hn_baseline_free(&baseline);
    cr_assert_eq(read_on("2027-02-01", line), 0);
    cr_assert_null(apply(leak, seen));
    cr_assert_eq(rest.verdict, GO_VERDICT_LEAK);
    cr_assert_str_eq(warnings(), "vigil: known.txt:1: warning: expired on "
                                 "2027-01-31, counts no more: why\n");
    hn_baseline_free(&baseline);
}

static const char three[] =
    "[{\"verdict\":\"leak\",\"fingerprint\":\"" LEAK
    "\",\"leaked\":2,\"left\":0},{\"verdict\":\"left\",\"fingerprint\":\"" LEFT
    "\",\"leaked\":0,\"left\":3},{\"verdict\":\"lock_order\","
    "\"fingerprint\":\"" OTHER "\"}]";
static const struct hn_seen all_three = {
    .verdict = GO_VERDICT_LEAK, .leaked = 2, .left = 3, .hints = 1};

Test(baseline, what_is_left_is_the_gravest_of_the_others)
{
    cr_assert_eq(read_on("2026-11-21", LEAK " until=never why\n"), 0);
    cr_assert_str_eq(apply(three, all_three)->reason, "why");
    cr_assert_eq(rest.verdict, GO_VERDICT_LEFT);
    cr_assert_eq(rest.leaked, 0u);
    cr_assert_eq(rest.left, 3u);
    cr_assert_eq(rest.hints, 1u);
    hn_baseline_free(&baseline);
}

Test(baseline, nothing_is_left_when_all_are_known)
{
    cr_assert_eq(read_on("2026-11-21",
                         LEAK " until=never a\n" LEFT " until=never b\n" OTHER
                              " until=never c\n"),
                 0);
    cr_assert_str_eq(apply(three, all_three)->reason, "a");
    cr_assert_eq(rest.verdict, GO_VERDICT_CLEAN);
    cr_assert_eq(rest.leaked + rest.left + rest.hints, 0u);
    hn_baseline_free(&baseline);
}

/* B1 */
Test(baseline, a_crash_stays_a_crash)
{
    struct hn_seen crash = {.verdict = GO_VERDICT_CRASH, .leaked = 2};

    cr_assert_eq(read_on("2026-11-21", LEAK " until=never why\n"), 0);
    cr_assert_not_null(apply(three, crash));
    cr_assert_eq(rest.verdict, GO_VERDICT_CRASH);
    hn_baseline_free(&baseline);
}

Test(baseline, what_was_not_met_is_told)
{
    cr_assert_eq(read_on("2026-11-21", LEAK
                         " until=never a\n0000000000000001 until=never b\n"),
                 0);
    apply(three, all_three);
    cr_assert_str_eq(warnings(),
                     "vigil: known.txt:2: warning: not met in this run: b\n");
    hn_baseline_free(&baseline);
}

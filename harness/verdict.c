/*
 * verdict.c - whether what a run came to is what its scenario expects.
 *
 * In:  an expectation, and the outcome that came back from the child.
 * Out: as expected, not, or undecided; and why, in one line.
 *
 * V1  Both directions count: a bug that was not found fails like one that was
 *     not expected.
 * V2  Numbers are exact: two leaks are not one leak, and a proof is not
 *     "likely". Only a scenario whose count depends on the schedule names a
 *     range.
 * V3  Lock-order hints and slow waits spoil nothing, unless the run was told
 *     that hints are errors (VIGIL=order=error).
 */
#include "harness/verdict.h"

#include <stdio.h>
#include <string.h>

const char *hn_expect_word(enum go_expect_kind kind)
{
    static const enum go_verdict of[] = {
        [GO_EXPECT_CLEAN] = GO_VERDICT_CLEAN,
        [GO_EXPECT_DEADLOCK] = GO_VERDICT_DEADLOCK,
        [GO_EXPECT_LEAK] = GO_VERDICT_LEAK,
        [GO_EXPECT_LEFT] = GO_VERDICT_LEFT,
        [GO_EXPECT_PANIC] = GO_VERDICT_PANIC,
        [GO_EXPECT_LIVELOCK] = GO_VERDICT_LIVELOCK,
        [GO_EXPECT_LOCK_ORDER] = GO_VERDICT_LOCK_ORDER,
    };

    return kind == GO_EXPECT_STUCK ? "stuck" : go_verdict_text(of[kind]);
}

/* The upper end of what n begins. */
static int most(const struct go_expect *expect)
{
    return expect->most > expect->n ? expect->most : expect->n;
}

static bool counts(const struct go_expect *expect)
{
    return expect->kind == GO_EXPECT_LEAK || expect->kind == GO_EXPECT_LEFT ||
           expect->kind == GO_EXPECT_STUCK;
}

char *hn_expect_text(const struct go_expect *expect, char buf[HN_EXPECT_MAX])
{
    const char *word = hn_expect_word(expect->kind);

    if (counts(expect) && most(expect) > expect->n)
        snprintf(buf, HN_EXPECT_MAX, "%s(%d-%d)", word, expect->n,
                 most(expect));
    else if (counts(expect))
        snprintf(buf, HN_EXPECT_MAX, "%s(%d)", word, expect->n);
    else if (expect->kind == GO_EXPECT_PANIC && expect->text && *expect->text)
        snprintf(buf, HN_EXPECT_MAX, "%s(\"%.40s\")", word, expect->text);
    else
        snprintf(buf, HN_EXPECT_MAX, "%s", word);
    return buf;
}

const char *hn_seen_word(const struct hn_seen *seen)
{
    return seen->unseen && seen->verdict == GO_VERDICT_CLEAN
               ? "undecided"
               : go_verdict_text(seen->verdict);
}

char *hn_seen_text(const struct hn_seen *seen, char buf[HN_EXPECT_MAX])
{
    const char *word = hn_seen_word(seen);

    if (seen->verdict == GO_VERDICT_LEAK)
        snprintf(buf, HN_EXPECT_MAX, "%s(%u)", word, seen->leaked);
    else if (seen->verdict == GO_VERDICT_LEFT)
        snprintf(buf, HN_EXPECT_MAX, "%s(%u)", word, seen->left);
    else
        snprintf(buf, HN_EXPECT_MAX, "%s", word);
    return buf;
}

bool hn_verdict_parse(const char *word, enum go_verdict *verdict)
{
    for (int v = 0; v < GO_VERDICT_COUNT; v++) {
        if (strcmp(word, go_verdict_text((enum go_verdict)v)) == 0) {
            *verdict = (enum go_verdict)v;
            return true;
        }
    }
    return false;
}

bool hn_verdict_quiet(enum go_verdict v)
{
    return v == GO_VERDICT_CLEAN || v == GO_VERDICT_SLOW ||
           v == GO_VERDICT_LOCK_ORDER || v == GO_VERDICT_LIKELY;
}

static bool nothing_left(const struct hn_seen *seen)
{
    return seen->leaked == 0 && seen->left == 0;
}

static bool in_range(const struct go_expect *expect, uint32_t n)
{
    return n >= (uint32_t)expect->n && n <= (uint32_t)most(expect);
}

static bool met(const struct go_expect *expect, const struct hn_seen *seen)
{
    const char *text = expect->text ? expect->text : "";

    switch (expect->kind) {
    case GO_EXPECT_CLEAN:
        return hn_verdict_quiet(seen->verdict) && nothing_left(seen) &&
               !(seen->hints > 0 && seen->hints_fail);
    case GO_EXPECT_DEADLOCK:
        return seen->verdict == GO_VERDICT_DEADLOCK;
    case GO_EXPECT_LEAK:
        return seen->verdict == GO_VERDICT_LEAK &&
               in_range(expect, seen->leaked);
    case GO_EXPECT_STUCK:
        return seen->verdict == GO_VERDICT_DEADLOCK ||
               (seen->verdict == GO_VERDICT_LEAK &&
                in_range(expect, seen->leaked));
    case GO_EXPECT_LEFT:
        return (seen->verdict == GO_VERDICT_LEFT ||
                hn_verdict_quiet(seen->verdict)) &&
               seen->leaked == 0 && in_range(expect, seen->left);
    case GO_EXPECT_PANIC:
        return seen->verdict == GO_VERDICT_PANIC &&
               strstr(seen->panic ? seen->panic : "", text);
    case GO_EXPECT_LIVELOCK:
        return seen->verdict == GO_VERDICT_LIVELOCK;
    case GO_EXPECT_LOCK_ORDER:
        return hn_verdict_quiet(seen->verdict) && seen->hints > 0 &&
               nothing_left(seen);
    }
    return false;
}

/* One line: what was wanted, and what came. */
static void explain(const struct go_expect *expect, const struct hn_seen *seen,
                    char why[HN_WHY_MAX])
{
    char wanted[HN_EXPECT_MAX], came[HN_EXPECT_MAX];
    int first = seen->panic ? (int)strcspn(seen->panic, "\n") : 0;
    int n;

    hn_expect_text(expect, wanted);
    hn_seen_text(seen, came);
    n = snprintf(why, HN_WHY_MAX, "expected %s, got %s", wanted, came);
    if (seen->verdict == GO_VERDICT_PANIC && first > 0)
        snprintf(why + n, HN_WHY_MAX - (size_t)n, ": %.*s",
                 first < 120 ? first : 120, seen->panic);
    else if (seen->leaked > 0 && seen->left > 0)
        snprintf(why + n, HN_WHY_MAX - (size_t)n,
                 " (%u proven stuck, %u left alive)", seen->leaked, seen->left);
    else if (seen->left > 0 && seen->verdict != GO_VERDICT_LEFT)
        snprintf(why + n, HN_WHY_MAX - (size_t)n, " (%u left alive)",
                 seen->left);
}

enum hn_judgement hn_verdict_judge(const struct go_expect *expect,
                                   enum hn_reach reach, bool strict,
                                   const struct hn_seen *seen,
                                   char why[HN_WHY_MAX])
{
    bool unproven = strict && seen->verdict == GO_VERDICT_LIKELY;

    why[0] = '\0';
    if (met(expect, seen) && !unproven)
        return HN_AS_EXPECTED;
    explain(expect, seen, why);
    if ((reach == HN_REACH_ALL && !seen->unseen) || unproven ||
        !hn_verdict_quiet(seen->verdict) || !nothing_left(seen))
        return HN_NOT_EXPECTED;
    snprintf(why + strlen(why), HN_WHY_MAX - strlen(why),
             seen->unseen ? ": no execution was seen to its end"
             : reach == HN_REACH_RUN
                 ? " in this run: undecided (needs exploration)"
                 : ": undecided, for not all schedules were tried");
    return strict ? HN_NOT_EXPECTED : HN_UNDECIDED;
}

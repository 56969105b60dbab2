/*
 * verdict_test.c - an expectation is met exactly, in both directions.
 */
#include "harness/verdict.h"

#include <criterion/criterion.h>

static char why[HN_WHY_MAX];

static enum hn_judgement judge(struct go_expect expect, struct hn_seen seen)
{
    return hn_verdict_judge(&expect, false, false, &seen, why);
}

static const struct hn_seen clean = {.verdict = GO_VERDICT_CLEAN};
static const struct hn_seen stuck = {.verdict = GO_VERDICT_DEADLOCK};

Test(verdict, clean_wants_nothing_left)
{
    struct hn_seen left = {.verdict = GO_VERDICT_LEFT, .left = 1};
    struct hn_seen leak = {.verdict = GO_VERDICT_LEAK, .leaked = 1};

    cr_assert_eq(judge(EXPECT_CLEAN, clean), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_CLEAN, left), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_CLEAN, leak), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_CLEAN, stuck), HN_NOT_EXPECTED);
}

Test(verdict, hints_and_slow_waits_do_not_spoil_clean)
{
    struct hn_seen hint = {.verdict = GO_VERDICT_LOCK_ORDER, .hints = 1};
    struct hn_seen slow = {.verdict = GO_VERDICT_SLOW};
    struct hn_seen error = hint;

    error.hints_fail = true;
    cr_assert_eq(judge(EXPECT_CLEAN, error), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_CLEAN, hint), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_CLEAN, slow), HN_AS_EXPECTED);
}

Test(verdict, leak_counts_exactly_and_ignores_who_is_left_alive)
{
    struct hn_seen two = {.verdict = GO_VERDICT_LEAK, .leaked = 2, .left = 3};

    cr_assert_eq(judge(EXPECT_LEAK(2), two), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_LEAK(1), two), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_LEAK(3), two), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_LEAK(1), clean), HN_NOT_EXPECTED);
}

Test(verdict, leaks_within_a_range_are_as_expected)
{
    struct hn_seen leak = {.verdict = GO_VERDICT_LEAK};

    for (leak.leaked = 1; leak.leaked <= 4; leak.leaked++)
        cr_assert_eq(judge(EXPECT_LEAKS(2, 3), leak),
                     leak.leaked == 2 || leak.leaked == 3 ? HN_AS_EXPECTED
                                                          : HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_LEAKS(2, 3), stuck), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_LEAKS(0, 3), clean), HN_NOT_EXPECTED);
}

Test(verdict, stuck_is_a_deadlock_or_leaks_within_a_range)
{
    struct hn_seen one = {.verdict = GO_VERDICT_LEAK, .leaked = 1};
    struct hn_seen two = {.verdict = GO_VERDICT_LEAK, .leaked = 2};
    struct hn_seen left = {.verdict = GO_VERDICT_LEFT, .left = 1};

    cr_assert_eq(judge(EXPECT_STUCK(1, 1), stuck), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_STUCK(1, 1), one), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_STUCK(1, 1), two), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_STUCK(1, 1), left), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_STUCK(1, 1), clean), HN_NOT_EXPECTED);
}

Test(verdict, left_wants_none_proven_stuck)
{
    struct hn_seen one = {.verdict = GO_VERDICT_LEFT, .left = 1};
    struct hn_seen both = {.verdict = GO_VERDICT_LEAK, .left = 1, .leaked = 1};

    cr_assert_eq(judge(EXPECT_LEFT(1), one), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_LEFT(2), one), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_LEFT(1), both), HN_NOT_EXPECTED);
}

Test(verdict, deadlock_is_nothing_else)
{
    struct hn_seen leak = {.verdict = GO_VERDICT_LEAK, .leaked = 1};
    struct hn_seen timeout = {.verdict = GO_VERDICT_TIMEOUT};

    cr_assert_eq(judge(EXPECT_DEADLOCK, stuck), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_DEADLOCK, leak), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_DEADLOCK, timeout), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_DEADLOCK, clean), HN_NOT_EXPECTED);
}

Test(verdict, panic_matches_a_part_of_any_message)
{
    char text[] = "all goroutines fell\nclose of closed channel";
    struct hn_seen panic = {.verdict = GO_VERDICT_PANIC, .panic = text};
    struct hn_seen mute = {.verdict = GO_VERDICT_PANIC};

    cr_assert_eq(judge(EXPECT_PANIC("closed chan"), panic), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_PANIC("send on"), panic), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_PANIC("send on"), mute), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_PANIC(""), mute), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_PANIC("closed"), clean), HN_NOT_EXPECTED);
}

Test(verdict, crash_and_timeout_are_never_expected)
{
    static const enum go_verdict bad[] = {GO_VERDICT_CRASH, GO_VERDICT_TIMEOUT};

    for (int k = GO_EXPECT_CLEAN; k <= GO_EXPECT_STUCK; k++) {
        for (int i = 0; i < 2; i++) {
            struct go_expect expect = {.kind = (enum go_expect_kind)k};
            struct hn_seen seen = {.verdict = bad[i], .hints = 1};
            cr_assert_eq(judge(expect, seen), HN_NOT_EXPECTED);
        }
    }
}

Test(verdict, lock_order_wants_a_hint_and_nothing_stuck)
{
    struct hn_seen hint = {.verdict = GO_VERDICT_LOCK_ORDER, .hints = 1};
    struct hn_seen worse = {
        .verdict = GO_VERDICT_LEAK, .hints = 1, .leaked = 1};

    cr_assert_eq(judge(EXPECT_LOCK_ORDER, hint), HN_AS_EXPECTED);
    cr_assert_eq(judge(EXPECT_LOCK_ORDER, clean), HN_NOT_EXPECTED);
    cr_assert_eq(judge(EXPECT_LOCK_ORDER, worse), HN_NOT_EXPECTED);
}

Test(verdict, explored_and_clean_is_undecided_unless_strict)
{
    struct go_expect expect = EXPECT_DEADLOCK;

    cr_assert_eq(hn_verdict_judge(&expect, true, false, &clean, why),
                 HN_UNDECIDED);
    cr_assert(strstr(why, "needs exploration"));
    cr_assert_eq(hn_verdict_judge(&expect, true, true, &clean, why),
                 HN_NOT_EXPECTED);
    cr_assert_eq(hn_verdict_judge(&expect, true, false, &stuck, why),
                 HN_AS_EXPECTED);
}

Test(verdict, what_was_never_seen_to_its_end_is_not_called_clean)
{
    struct go_expect expect = EXPECT_DEADLOCK;
    struct hn_seen unseen = {.verdict = GO_VERDICT_CLEAN, .unseen = true};
    char text[HN_EXPECT_MAX];

    cr_assert_str_eq(hn_seen_text(&unseen, text), "undecided");
    cr_assert_eq(hn_verdict_judge(&expect, HN_REACH_ALL, false, &unseen, why),
                 HN_UNDECIDED);
    cr_assert(strstr(why, "no execution was seen to its end"));
    cr_assert_eq(hn_verdict_judge(&expect, HN_REACH_ALL, true, &unseen, why),
                 HN_NOT_EXPECTED);
    unseen.verdict = GO_VERDICT_DEADLOCK;
    cr_assert_str_eq(hn_seen_text(&unseen, text), "deadlock");
}

Test(verdict, explored_with_another_finding_fails)
{
    struct go_expect expect = EXPECT_DEADLOCK;
    struct hn_seen leak = {.verdict = GO_VERDICT_LEAK, .leaked = 1};
    struct hn_seen crash = {.verdict = GO_VERDICT_CRASH};

    cr_assert_eq(hn_verdict_judge(&expect, true, false, &leak, why),
                 HN_NOT_EXPECTED);
    cr_assert_eq(hn_verdict_judge(&expect, true, false, &crash, why),
                 HN_NOT_EXPECTED);
}

Test(verdict, likely_is_no_proof_and_fails_strict)
{
    struct go_expect expect = EXPECT_CLEAN, leak = EXPECT_LEAK(1);
    struct hn_seen likely = {.verdict = GO_VERDICT_LIKELY};

    cr_assert_eq(hn_verdict_judge(&expect, false, false, &likely, why),
                 HN_AS_EXPECTED);
    cr_assert_eq(hn_verdict_judge(&expect, false, true, &likely, why),
                 HN_NOT_EXPECTED);
    likely.left = 1;
    cr_assert_eq(judge(leak, likely), HN_NOT_EXPECTED);
}

Test(verdict, why_names_both_sides)
{
    char text[] = "close of closed channel";
    struct hn_seen panic = {.verdict = GO_VERDICT_PANIC, .panic = text};

    judge(EXPECT_LEAK(2), clean);
    cr_assert_str_eq(why, "expected leak(2), got clean");
    judge(EXPECT_LEAKS(1, 2), clean);
    cr_assert_str_eq(why, "expected leak(1-2), got clean");
    judge(EXPECT_STUCK(1, 2), clean);
    cr_assert_str_eq(why, "expected stuck(1-2), got clean");
    judge(EXPECT_PANIC("send on"), panic);
    cr_assert_str_eq(
        why, "expected panic(\"send on\"), got panic: close of closed channel");
    judge(EXPECT_CLEAN, clean);
    cr_assert_str_eq(why, "");
}

Test(verdict, words_are_read_back)
{
    enum go_verdict verdict;

    for (int v = 0; v < GO_VERDICT_COUNT; v++) {
        cr_assert(
            hn_verdict_parse(go_verdict_text((enum go_verdict)v), &verdict));
        cr_assert_eq(verdict, (enum go_verdict)v);
    }
    cr_assert_not(hn_verdict_parse("dead", &verdict));
    cr_assert_not(hn_verdict_parse("", &verdict));
}

/*
 * score_test.c - what is paired, and what totals say of rows.
 */
#include "harness/score.h"

#include <string.h>
#include <criterion/criterion.h>

enum {
    SEEDS = 3
};

static struct hn_scenario scenario(const char *program, const char *name,
                                   struct go_expect expect, const char *class)
{
    static char group[8][64];
    static int n;
    char *folder = group[n++];

    strcpy(folder, program);
    *strrchr(folder, '/') = '\0';
    return (struct hn_scenario){.program = (char *)program,
                                .group = folder,
                                .name = (char *)name,
                                .class = (char *)class,
                                .expect = expect};
}

static const struct hn_options own = {.own = true, .self = "x", .seeds = SEEDS};

/* As if explored: found at these schedules, each a microsecond. */
static void found(struct hn_score *s, size_t row, const uint64_t at[SEEDS])
{
    for (int k = 0; k < SEEDS; k++)
        s->rows[row].tries[k] = (struct hn_score_try){
            .found_at = at[k], .ns = (int64_t)at[k] * 1000, .named = at[k] > 0};
}

Test(score, pairs_by_suffix_and_by_the_folder_clean)
{
    struct hn_scenario all[] = {
        scenario("a/kernels/p", "p", EXPECT_DEADLOCK, "mixed"),
        scenario("a/kernels/p", "p_fixed", EXPECT_CLEAN, "mixed"),
        scenario("a/leak/q", "q", EXPECT_LEAK(1), ""),
        scenario("a/clean/q", "q", EXPECT_CLEAN, ""),
        scenario("b/clean/r", "r", EXPECT_CLEAN, ""),
        scenario("a/leak/r", "r", EXPECT_LEAK(1), ""),
    };
    struct hn_suite suite = {.all = all, .n = 6, .cap = 6};
    struct hn_score s;

    cr_assert_eq(hn_score_begin(&s, &suite, &own), 0);
    cr_assert_eq(s.n, 2);
    cr_assert_eq(s.alone, 1);
    cr_assert_str_eq(s.rows[0].twin->name, "p_fixed");
    cr_assert_str_eq(s.rows[0].class, "mixed");
    cr_assert_str_eq(s.rows[1].twin->program, "a/clean/q");
    cr_assert_str_eq(s.rows[1].class, "leak");
    hn_score_free(&s);
}

/* Three bugs, two classes. */
static void begin(struct hn_score *s)
{
    struct hn_scenario all[] = {
        scenario("k/a", "a", EXPECT_DEADLOCK, "one"),
        scenario("k/a", "a_fixed", EXPECT_CLEAN, "one"),
        scenario("k/b", "b", EXPECT_DEADLOCK, "two"),
        scenario("k/b", "b_fixed", EXPECT_CLEAN, "two"),
        scenario("k/c", "c", EXPECT_DEADLOCK, "one"),
        scenario("k/c", "c_fixed", EXPECT_CLEAN, "one"),
    };
    struct hn_suite suite = {.all = all, .n = 6, .cap = 6};

    cr_assert_eq(hn_score_begin(s, &suite, &own), 0);
    cr_assert_eq(s->n, 3);
    found(s, 0, (uint64_t[]){1, 1, 1});
    found(s, 1, (uint64_t[]){2, 11, 10});
    found(s, 2, (uint64_t[]){12, 2, 200});
}

Test(score, a_bound_is_told_of_the_worst_seed)
{
    struct hn_score_total t;
    struct hn_score s;

    begin(&s);
    cr_assert(hn_score_total(&s, NULL, &t));
    cr_assert_eq(t.within[0], 1);
    cr_assert_eq(t.within[1], 2); /* any two in each seed, not the same ones */
    cr_assert_eq(t.within[2], 2);
    cr_assert_eq(t.within[3], 3);
    cr_assert(t.median == 2 && t.worst == 200);
    cr_assert(t.median_ns == 2000 && t.worst_ns == 200000);
    cr_assert(hn_score_total(&s, "one", &t));
    cr_assert(t.bugs == 2 && t.within[1] == 1 && t.tries == 6);
    cr_assert(hn_score_is_first(&s, 1) && !hn_score_is_first(&s, 2));
    hn_score_free(&s);
}

Test(score, what_is_not_found_is_later_than_all_that_is)
{
    struct hn_score_total t;
    struct hn_score s;

    begin(&s);
    found(&s, 2, (uint64_t[]){0, 3, 0});
    cr_assert(hn_score_row_total(&s, 2, &t));
    cr_assert(t.median == 0 && t.worst == 0 && t.worst_ns == 3000);
    cr_assert(t.tries == 3 && t.triggered == 1 && t.named == 1);
    cr_assert(hn_score_total(&s, NULL, &t));
    cr_assert_eq(t.within[3], 2);
    cr_assert_not(hn_score_perfect(&t));
    hn_score_free(&s);
}

Test(score, perfect_is_all_named_and_all_twins_silent)
{
    struct hn_score_total t;
    struct hn_score s;

    begin(&s);
    hn_score_total(&s, NULL, &t);
    cr_assert(hn_score_perfect(&t));
    s.rows[1].tries[2].named = false;
    hn_score_total(&s, NULL, &t);
    cr_assert_not(hn_score_perfect(&t));
    s.rows[1].tries[2].named = true;
    s.rows[2].reports = 1;
    hn_score_total(&s, NULL, &t);
    cr_assert_not(hn_score_perfect(&t));
    cr_assert_eq(t.silent, 2);
    s.rows[2].reports = 0;
    s.rows[2].undecided = true;
    hn_score_total(&s, NULL, &t);
    cr_assert_not(hn_score_perfect(&t));
    cr_assert(t.silent == 2 && t.undecided == 1 && t.reports == 0);
    hn_score_free(&s);
}

/*
 * oracle_test.c - random programs over all that the runtime has, and what
 * they can do: every schedule of the controlled mode, Go's rules without a
 * runtime, ordinary runs and the strategies agree. And the oracle is awake:
 * what leaves something out is noticed.
 *
 * scripts/oracle plays as many as you like. Not with the thread sanitizer: a
 * controlled run has one thread, and is too slow with it.
 */
#include "runtime/sched/sanitize.h"
#if !defined(RT_TSAN)
#include "harness/explore/dpor.h"
#include "tests/inside.h"
#include "tests/oracle/model.h"
#include "tests/oracle/oracle.h"

enum {
#if defined(RT_ASAN) || defined(VIGIL_DEBUG)
    PROGRAMS = 300,
#else
    PROGRAMS = 1500,
#endif
    ATTEMPTS = 3000, /* programs in which what is left out must be noticed */
};

/* Programs from the first seed on; false: something is wrong with one. */
static bool play(struct tally *t, unsigned checks, uint64_t first, uint64_t n)
{
    struct rules rules = oracle_rules;
    bool fine = true;

    rules.checks = checks;
    rules.most = 5000;
    rules.tell = hn_dpor_drop ? NULL : stderr;
    for (uint64_t seed = first; seed < first + n && fine; seed++)
        fine = oracle_one(t, seed, &rules);
    return fine;
}

Test(oracle, control_does_what_gos_rules_allow_and_no_other)
{
    struct tally t = {0};

    cr_assert(play(&t, 1u << CHECK_MODEL, 1, PROGRAMS));
    cr_assert_lt(t.skipped * 10, t.programs, "too many were skipped");
    cr_assert_gt(t.stuck * 10, t.programs, "too few can get stuck");
    cr_assert_gt(t.panics * 50, t.programs, "too few can panic");
}

Test(oracle, dpor_misses_nothing)
{
    struct tally t = {0};

    cr_assert(play(&t, 1u << CHECK_DPOR, 100000, PROGRAMS));
    cr_assert_lt(t.of[CHECK_DPOR].executions * 2, t.executions,
                 "%lu executions, of %lu",
                 (unsigned long)t.of[CHECK_DPOR].executions,
                 (unsigned long)t.executions);
}

Test(oracle, dpor_misses_nothing_when_timers_fire_early)
{
    struct rules rules = oracle_rules;
    struct tally t = {0};

    rules.most = 2000;
    rules.early = 1;
    rules.checks = 1u << CHECK_DPOR;
    rules.tell = stderr;
    for (uint64_t seed = 400000; seed < 400000 + PROGRAMS; seed++)
        cr_assert(oracle_one(&t, seed, &rules));
}

Test(oracle, no_strategy_does_what_can_not_be)
{
    struct tally t = {0};

    cr_assert(play(&t, 1u << CHECK_WALKS, 200000, PROGRAMS / 2));
}

Test(oracle, an_ordinary_run_is_one_of_all)
{
    struct tally t = {0};

    cr_assert(play(&t, 1u << CHECK_PLAIN, 300000, PROGRAMS));
    cr_assert_gt(t.of[CHECK_PLAIN].executions, PROGRAMS / 10);
}

/* Whether dpor without a rule is found out. */
static bool is_noticed(unsigned drop)
{
    struct tally t = {0};
    bool fine;

    hn_dpor_drop = drop;
    fine = play(&t, 1u << CHECK_DPOR, 1, ATTEMPTS);
    hn_dpor_drop = 0;
    return !fine;
}

Test(oracle, notices_a_race_that_is_none_for_what_lies_between)
{
    cr_assert(is_noticed(HN_DROP_ARRIVAL));
}

Test(oracle, notices_that_only_the_last_race_is_reversed)
{
    cr_assert(is_noticed(HN_DROP_EARLIER));
}

Test(oracle, notices_that_what_is_pending_does_not_race)
{
    cr_assert(is_noticed(HN_DROP_PENDING));
}

Test(oracle, notices_that_partners_have_no_alternatives)
{
    cr_assert(is_noticed(HN_DROP_SHARED));
}

Test(oracle, notices_a_sleeper_that_is_not_woken)
{
    cr_assert(is_noticed(HN_DROP_WAKE));
}

Test(oracle, notices_who_should_go_first_and_can_not)
{
    cr_assert(is_noticed(HN_DROP_ALL));
}

/* The seed's program, and all that Go's rules allow it. */
static uint32_t allowed(struct program *p, uint64_t seed, struct outcomes *all)
{
    program_make(p, seed, oracle_rules.orders);
    outcomes_empty(all);
    cr_assert(model_run(p, all, 1 << 18));
    return all->n;
}

Test(oracle, same_seed_same_program_same_outcomes)
{
    struct outcomes one = {0}, other = {0};
    const struct outcome *o;
    struct program p, q;

    for (uint64_t seed = 1; seed < 50; seed++) {
        cr_assert_eq(allowed(&p, seed, &one), allowed(&q, seed, &other));
        cr_assert_eq(memcmp(&p, &q, sizeof(p)), 0);
        cr_assert_eq(outcomes_missing(&one, &other, &o), 0);
    }
    outcomes_free(&one);
    outcomes_free(&other);
}
#endif

/* explore_pct_test.c - what few preemptions are to find. */
#include <vigil/go.h>

#include "harness/explore/walk.h"
#include "tests/fed.h"
#include "tests/runners.h"
#include "tests/strategic.h"
#include "runtime/sched/sanitize.h"

/* One thread, and ten thousands of executions: ThreadSanitizer has nothing to
   see there, and needs minutes. */
#if !defined(RT_TSAN)

enum {
    STEPS = 6 /* of each runner */
};

static struct strategic t;

static void use(uint64_t seed, uint64_t most)
{
    strategic_use(&t, &hn_pct, seed, most);
    lockers_sections = STEPS;
}

static void teardown(void)
{
    strategic_forget(&t);
}
TestSuite(pct, .fini = teardown);

/* When did that one's nth step (from 1) come? */
static int when(int who, int nth)
{
    for (int i = 0; i < runners_done; i++)
        if (runners_order[i] == who && --nth == 0)
            return i;
    return runners_done;
}

static uint64_t bugs;
static int depth;

/* a3 < b4 < a4, and of depth 3 also a4 < b5: so many orderings make it. */
static void look_for_bug(void *arg, const struct go_execution *e)
{
    (void)arg;
    (void)e;
    bugs += when(0, 3) < when(1, 4) && when(1, 4) < when(0, 4) &&
            (depth < 3 || when(0, 4) < when(1, 5));
}

/* In 1,000 runs of 21 executions, of which the first only counts choices. */
static uint64_t planted(int d)
{
    bugs = 0;
    depth = d;
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        use(seed, 21);
        t.parameter = (uint32_t)d;
        t.each = look_for_bug;
        strategic_run(&t, runners);
    }
    return bugs;
}

Test(pct, finds_what_it_guarantees)
{
    /* n = 3 with main, k = 11: of the 12 steps the last is no choice. */
    cr_assert_geq(planted(2), 20000 / (3 * 11));
    cr_assert_geq(planted(3), 20000 / (3 * 11 * 11));
}

static void look_for_switches(void *arg, const struct go_execution *e)
{
    int switches = 0;

    (void)arg;
    (void)e;
    for (int i = 1; i < runners_done; i++)
        switches += runners_order[i] != runners_order[i - 1];
    cr_assert_leq(switches, depth, "more than the changes and the one end");
}

Test(pct, switches_no_more_often_than_it_is_told)
{
    for (depth = 1; depth <= 4; depth++) {
        use(1, 2000);
        t.parameter = (uint32_t)depth;
        t.each = look_for_switches;
        strategic_run(&t, runners);
    }
}

static uint64_t first_last, second_last;

/* a1 b1 c1..6, then all of the one that stopped first, or of the other. */
static void look_who_is_last(void *arg, const struct go_execution *e)
{
    (void)arg;
    (void)e;
    if (runners_order[0] != 0 || runners_order[1] != 1 ||
        when(2, STEPS) != STEPS + 1)
        return;
    first_last += runners_order[STEPS + 2] == 1;
    second_last += runners_order[STEPS + 2] == 0;
}

Test(pct, who_fell_later_may_fall_less_deep)
{
    lockers_tasks = 3;
    use(1, 20000);
    t.each = look_who_is_last;
    strategic_run(&t, runners);
    cr_assert_gt(first_last, 3);
    cr_assert_gt(second_last, 3);
}

/* ---- yields --------------------------------------------------------------*/

static bool flag;

static void wait_politely(void)
{
    while (!flag)
        go_yield();
}

static void raise_late(void)
{
    for (int i = 0; i < 2 * HN_YIELDS; i++)
        go_yield();
    flag = true;
}

static void polite(void)
{
    struct go_waitgroup wg = {0};

    flag = false;
    go_waitgroup_go(&wg, wait_politely);
    go_waitgroup_go(&wg, raise_late);
    go_waitgroup_go(&wg, wait_politely);
    go_waitgroup_wait(&wg);
}

Test(pct, who_yields_often_goes_behind_all_who_did)
{
    use(1, 1000);
    strategic_run(&t, polite);
    cr_assert_lt(t.steps, 1000 * 40, "%lu", t.steps);
}

/* ---- looks ---------------------------------------------------------------*/

/* Two that look, until each has fallen for it. */
static void look_around(struct hn_strategy *s)
{
    hn_pct.begin(s);
    for (int i = 0; i < 2 * (HN_LOOKS + 1); i++)
        FED(&hn_pct, s, {1, GO_OP_LOAD, &lockers_tasks, 0, NULL},
            {2, GO_OP_TRYLOCK, &flag, 0, NULL});
}

Test(pct, who_looks_for_long_goes_behind_all)
{
    struct hn_strategy *s = hn_strategy_make(&hn_pct, 2, 1);

    for (int i = 0; i < 100; i++) {
        look_around(s);
        cr_assert_eq(FED(&hn_pct, s, {1, GO_OP_LOAD, &lockers_tasks, 0, NULL},
                         {2, GO_OP_TRYLOCK, &flag, 0, NULL},
                         {3, GO_OP_LOCK, s, 0, NULL}),
                     3);
        fed_end(&hn_pct, s, 1);
    }
    hn_pct.free(s);
}

Test(pct, who_has_fallen_for_it_can_fall_again)
{
    struct hn_strategy *s = hn_strategy_make(&hn_pct, 2, 1);
    int switches = 0;

    for (int i = 0; i < 300; i++) {
        uint32_t last = 0;

        look_around(s);
        for (int j = 0; j < 2 * HN_LOOKS; j++) {
            uint32_t who = FED(&hn_pct, s, {1, GO_OP_LOCK, s, 0, NULL},
                               {2, GO_OP_LOCK, &flag, 0, NULL});

            switches += last && who != last;
            last = who;
        }
        fed_end(&hn_pct, s, 1);
    }
    cr_assert(switches > 100 && switches < 200, "%d", switches);
    hn_pct.free(s);
}

/* ---- timers --------------------------------------------------------------*/

Test(pct, each_timer_has_a_rank_of_its_own)
{
    struct hn_strategy *s = hn_strategy_make(&hn_pct, 1, 1);
    int same = 0;

    for (int i = 0; i < 3000; i++) {
        uint32_t first, second;

        hn_pct.begin(s);
        first = FED(&hn_pct, s, {1, GO_OP_YIELD, NULL, 0, NULL},
                    {FED_CLOCK, GO_OP_CLOCK, NULL, 0, NULL});
        second = FED(&hn_pct, s, {2, GO_OP_YIELD, NULL, 0, NULL},
                     {FED_CLOCK, GO_OP_CLOCK, NULL, 0, NULL});
        same += first == FED_CLOCK && second == FED_CLOCK;
        fed_end(&hn_pct, s, 2);
    }
    /* 1 / 2 * 1 / 2; with one rank it would be the highest of three: 1 / 3 */
    cr_assert(same > 690 && same < 810, "%d", same);
    hn_pct.free(s);
}

#endif

/*
 * explore_strategies_test.c - what each strategy promises: which schedules
 * come, how often, and that they come again.
 */
#include <vigil/go.h>

#include "tests/classics.h"
#include "tests/fed.h"
#include "tests/lockers.h"
#include "tests/strategic.h"
#include "runtime/sched/sanitize.h"

/* One thread, and ten thousands of executions: ThreadSanitizer has nothing to
   see there, and needs minutes. */
#if !defined(RT_TSAN)

static struct strategic t;

static void teardown(void)
{
    strategic_forget(&t);
}
TestSuite(strategies, .fini = teardown);

/* ---- all of them ---------------------------------------------------------*/

Test(strategies, are_found_by_their_names)
{
    for (size_t i = 0; hn_strategies[i]; i++)
        cr_assert_eq(hn_strategy_find(hn_strategies[i]->name),
                     hn_strategies[i]);
    cr_assert_eq(hn_strategy_find("surw"), &hn_surw);
    cr_assert_null(hn_strategy_find("fate"));
}

Test(strategies, all_find_abba)
{
    for (size_t i = 0; hn_strategies[i]; i++)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            strategic_use(&t, hn_strategies[i], seed, 50);
            t.until = true;
            strategic_run(&t, abba);
            cr_assert_eq(t.ended[GO_END_STUCK], 1, "%s, seed %lu", t.kind->name,
                         seed);
        }
}

static uint64_t played(const struct hn_strategy_kind *kind, uint64_t seed)
{
    strategic_use(&t, kind, seed, 200);
    strategic_run(&t, lockers);
    return t.all;
}

Test(strategies, the_same_seed_is_the_same_schedules)
{
    lockers_tasks = 4;
    for (size_t i = 0; hn_strategies[i]; i++)
        cr_assert_eq(played(hn_strategies[i], 7), played(hn_strategies[i], 7),
                     "%s", hn_strategies[i]->name);
    cr_assert_neq(played(&hn_random, 7), played(&hn_random, 8));
    cr_assert_neq(played(&hn_pct, 7), played(&hn_pct, 8));
    cr_assert_neq(played(&hn_pos, 7), played(&hn_pos, 8));
    cr_assert_neq(played(&hn_surw, 7), played(&hn_surw, 8));
    cr_assert_neq(played(&hn_hold, 7), played(&hn_hold, 8));
}

static int came;

static void choosy(chan(int) c, chan(int) d)
{
    int v = 0, which = go_select(GO_RECV(c, &v), GO_RECV(d, &v));

    came |= 1 << (which * 8 + v);
}

static void sender(chan(int) c, int v)
{
    chan_send(c, 2 * v + go_choose(2));
}

/* Two cases, two partners in each, two numbers from each: eight ways. */
static void ways(void)
{
    chan(int) c = chan_make(int, 0);
    chan(int) d = chan_make(int, 0);

    for (int i = 0; i < 2; i++) {
        go(sender, c, i);
        go(sender, d, i);
    }
    choosy(c, d);
}

Test(strategies, all_take_every_case_partner_and_number)
{
    for (size_t i = 0; hn_strategies[i]; i++) {
        came = 0;
        strategic_use(&t, hn_strategies[i], 1, 500);
        t.parameter = hn_strategies[i] == &hn_delay ? 64 : 0;
        strategic_run(&t, ways);
        cr_assert_eq(came, 0x0f0f, "%s: %x", t.kind->name, came);
    }
}

static const int x, y; /* objects */

static void takes_all_ways(const struct hn_strategy_kind *kind, uint64_t seed)
{
    struct hn_strategy *s = hn_strategy_make(kind, 0, seed);
    uint32_t ways = 0, beside = 0, of = 0;

    for (int i = 0; i < 100; i++) {
        kind->begin(s);
        FED(kind, s, {1, GO_OP_SEND, &x, 2, NULL},
            {1, GO_OP_SEND, &x, 3, NULL});
        ways |= 1u << fed_way;
        of = FED(kind, s, {1, GO_OP_SEND, &x, 2, NULL},
                 {1, GO_OP_SEND, &x, 3, NULL}, {4, GO_OP_SEND, &x, 2, NULL},
                 {4, GO_OP_SEND, &x, 3, NULL}, {5, GO_OP_LOCK, &y, 0, NULL});
        beside |= 1u << (of * 2 + fed_way);
        fed_end(kind, s, 2);
    }
    cr_assert_eq(ways, 3, "%s: one task alone: %x", kind->name, ways);
    cr_assert_eq(beside, 1u << 10 | 3u << 8 | 3u << 2, "%s: beside another: %x",
                 kind->name, beside);
    kind->free(s);
}

Test(strategies, all_random_ones_take_every_way_of_a_task)
{
    takes_all_ways(&hn_random, 1);
    takes_all_ways(&hn_pct, 1);
    takes_all_ways(&hn_pos, 1);
    takes_all_ways(&hn_surw, 1);
    takes_all_ways(&hn_hold, 1);
}

static bool flag;

static void raise_flag(struct go_mutex *m)
{
    for (int i = 0; i < 5; i++)
        lockers_section(m);
    flag = true;
}

static void spin(struct go_mutex *m)
{
    while (!flag)
        lockers_section(m);
}

static void wait_in_vain(void)
{
    while (!flag)
        go_yield();
}

static void spinners(void)
{
    struct go_mutex mine = {0}, ours = {0};
    struct go_waitgroup wg = {0};

    flag = false;
    go_waitgroup_go(&wg, spin, &ours);
    go_waitgroup_go(&wg, wait_in_vain);
    go_waitgroup_go(&wg, wait_in_vain);
    go_waitgroup_go(&wg, raise_flag, &mine);
    go_waitgroup_wait(&wg);
}

Test(strategies, none_spins_for_ever)
{
    for (size_t i = 0; &hn_delay != hn_strategies[i]; i++)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            strategic_use(&t, hn_strategies[i], seed, 100);
            strategic_run(&t, spinners);
            cr_assert_eq(t.ended[GO_END_CLEAN], 100, "%s, seed %lu",
                         t.kind->name, seed);
        }
    strategic_use(&t, &hn_delay, 0, 100);
    strategic_run(&t, spinners);
    cr_assert_eq(t.ended[GO_END_CLEAN], 100);
}

/* ---- random --------------------------------------------------------------*/

Test(strategies, random_is_uniform_at_each_choice)
{
    strategic_use(&t, &hn_random, 1, 100000);
    strategic_keep(&t);
    strategic_run(&t, lockers);
    cr_assert_eq(t.distinct, 20);
    cr_assert(strategic_fits(&t, true));
    cr_assert(!strategic_fits(&t, false), "and not uniform among schedules");
}

static void either(chan(int) c, chan(int) d)
{
    go_select(GO_RECV(c, NULL), GO_RECV(d, NULL));
}

/* Cases, partners and numbers: of one task there are several steps. */
static void meetings(void)
{
    chan(int) c = chan_make(int, 0);
    chan(int) d = chan_make(int, 1);

    go(sender, c, 0);
    go(sender, c, 0);
    go(sender, d, 1);
    for (int i = 0; i < 3; i++)
        go(either, c, d);
}

Test(strategies, random_draws_the_task_then_its_step)
{
    struct strategic all = {.kind = &hn_delay, .parameter = 64};

    strategic_keep(&all);
    strategic_run(&all, meetings);
    strategic_use(&t, &hn_random, 1, 400000);
    strategic_keep(&t);
    strategic_run(&t, meetings);
    cr_assert_eq(t.distinct, all.distinct);
    cr_assert(strategic_fits(&t, true));
    strategic_forget(&all);
}

#endif

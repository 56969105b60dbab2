/*
 * explore_strategies_test.c - what each strategy promises: which schedules
 * come, how often, and that they come again.
 */
#include <string.h>
#include <vigil/go.h>

#include "tests/strategic.h"

static struct strategic t;

static void use(const struct hn_strategy_kind *kind, uint64_t seed,
                uint64_t most)
{
    strategic_forget(&t);
    t = (struct strategic){.kind = kind, .seed = seed, .most = most};
}

static void teardown(void)
{
    strategic_forget(&t);
}
TestSuite(strategies, .fini = teardown);

/* The chi square of what came against what was to come. */
static double distance(const struct strategic *s, bool walk)
{
    double sum = 0;

    for (size_t i = 0; i < STRATEGIC_KINDS; i++) {
        const struct strategic_seen *k = &s->seen[i];
        double want = (double)s->executions *
                      (walk ? k->walk : 1.0 / (double)s->distinct);

        if (k->times)
            sum += ((double)k->times - want) * ((double)k->times - want) / want;
    }
    return sum;
}

/* Within three and a half deviations of what chance does. */
static bool fits(const struct strategic *s, bool walk)
{
    double free = (double)s->distinct - 1, d = distance(s, walk) - free;

    return d < 0 || d * d < 3.5 * 3.5 * 2 * free;
}

/* ---- bodies --------------------------------------------------------------*/

static int tasks = 2, sections = 3;

static void locker(struct go_mutex *m, struct go_waitgroup *wg)
{
    for (int i = 0; i < sections; i++) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
    go_waitgroup_done(wg);
}

static void lockers(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, tasks);
    for (int i = 0; i < tasks; i++)
        go(locker, &m, &wg);
    go_waitgroup_wait(&wg);
}

static void two(struct go_mutex *a, struct go_mutex *b)
{
    go_mutex_lock(a);
    go_mutex_lock(b);
    go_mutex_unlock(b);
    go_mutex_unlock(a);
}

static void abba(void)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, two, &a, &b);
    go_waitgroup_go(&wg, two, &b, &a);
    go_waitgroup_wait(&wg);
}

/* A step that nobody else minds. */
static void step(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_mutex_unlock(m);
}

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
            use(hn_strategies[i], seed, 50);
            t.until = true;
            strategic_run(&t, abba);
            cr_assert_eq(t.ended[GO_END_STUCK], 1, "%s, seed %lu", t.kind->name,
                         seed);
        }
}

static uint64_t played(const struct hn_strategy_kind *kind, uint64_t seed)
{
    use(kind, seed, 200);
    strategic_run(&t, lockers);
    return t.all;
}

Test(strategies, the_same_seed_is_the_same_schedules)
{
    tasks = 4;
    for (size_t i = 0; hn_strategies[i]; i++)
        cr_assert_eq(played(hn_strategies[i], 7), played(hn_strategies[i], 7),
                     "%s", hn_strategies[i]->name);
    cr_assert_neq(played(&hn_random, 7), played(&hn_random, 8));
    cr_assert_neq(played(&hn_pct, 7), played(&hn_pct, 8));
    cr_assert_neq(played(&hn_pos, 7), played(&hn_pos, 8));
    cr_assert_neq(played(&hn_surw, 7), played(&hn_surw, 8));
}

static bool flag;

static void raise_flag(struct go_mutex *m)
{
    for (int i = 0; i < 5; i++)
        step(m);
    flag = true;
}

static void spin(struct go_mutex *m)
{
    while (!flag)
        step(m);
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
            use(hn_strategies[i], seed, 100);
            strategic_run(&t, spinners);
            cr_assert_eq(t.ended[GO_END_CLEAN], 100, "%s, seed %lu",
                         t.kind->name, seed);
        }
    use(&hn_delay, 0, 100);
    strategic_run(&t, spinners);
    cr_assert_eq(t.ended[GO_END_CLEAN], 100);
}

/* ---- random --------------------------------------------------------------*/

Test(strategies, random_is_uniform_at_each_choice)
{
    use(&hn_random, 1, 100000);
    strategic_keep(&t);
    strategic_run(&t, lockers);
    cr_assert_eq(t.distinct, 20);
    cr_assert(fits(&t, true), "%f of %lu", distance(&t, true), t.distinct);
    cr_assert(!fits(&t, false), "and not uniform among schedules");
}

static void sender(chan(int) c)
{
    chan_send(c, go_choose(3));
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

    go(sender, c);
    go(sender, c);
    go(sender, d);
    for (int i = 0; i < 3; i++)
        go(either, c, d);
}

Test(strategies, random_draws_the_task_then_its_step)
{
    struct strategic all = {.kind = &hn_delay, .parameter = 64};

    strategic_keep(&all);
    strategic_run(&all, meetings);
    use(&hn_random, 1, 400000);
    strategic_keep(&t);
    strategic_run(&t, meetings);
    cr_assert_eq(t.distinct, all.distinct);
    cr_assert(fits(&t, true), "%f of %lu", distance(&t, true), t.distinct);
    strategic_forget(&all);
}

/* ---- PCT -----------------------------------------------------------------*/

enum {
    STEPS = 6 /* of each of the two */
};
static int order[2 * STEPS], done;

static void runner(int who, struct go_mutex *m)
{
    for (int i = 0; i < STEPS; i++) {
        go_mutex_lock(m);
        order[done++] = who;
        go_mutex_unlock(m);
    }
}

static void runners(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    done = 0;
    go_waitgroup_go(&wg, runner, 0, &m);
    go_waitgroup_go(&wg, runner, 1, &m);
    go_waitgroup_wait(&wg);
}

/* When did that one's nth step (from 1) come? */
static int when(int who, int nth)
{
    for (int i = 0; i < done; i++)
        if (order[i] == who && --nth == 0)
            return i;
    return done;
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
        use(&hn_pct, seed, 21);
        t.parameter = (uint32_t)d;
        t.each = look_for_bug;
        strategic_run(&t, runners);
    }
    return bugs;
}

Test(strategies, pct_finds_what_it_guarantees)
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
    for (int i = 1; i < done; i++)
        switches += order[i] != order[i - 1];
    cr_assert_leq(switches, depth, "more than the changes and the one end");
}

Test(strategies, pct_switches_no_more_often_than_it_is_told)
{
    for (depth = 1; depth <= 4; depth++) {
        use(&hn_pct, 1, 2000);
        t.parameter = (uint32_t)depth;
        t.each = look_for_switches;
        strategic_run(&t, runners);
    }
}

/* ---- POS -----------------------------------------------------------------*/

static void late(struct go_mutex *mine, struct go_mutex *m)
{
    for (int i = 0; i < 10; i++)
        step(mine);
    go_mutex_lock(m);
    order[done++] = 0;
    go_mutex_unlock(m);
}

static void early(struct go_mutex *m)
{
    go_mutex_lock(m);
    order[done++] = 1;
    go_mutex_unlock(m);
}

static void race(void)
{
    struct go_mutex mine = {0}, m = {0};
    struct go_waitgroup wg = {0};

    done = 0;
    go_waitgroup_go(&wg, late, &mine, &m);
    go_waitgroup_go(&wg, early, &m);
    go_waitgroup_wait(&wg);
}

static void look_who_is_late(void *arg, const struct go_execution *e)
{
    (void)arg;
    (void)e;
    bugs += order[0] == 0;
}

static uint64_t late_first(const struct hn_strategy_kind *kind)
{
    bugs = 0;
    use(kind, 1, 12000);
    t.each = look_who_is_late;
    strategic_run(&t, race);
    return bugs;
}

Test(strategies, pos_does_not_mind_steps_on_other_objects)
{
    uint64_t n = late_first(&hn_pos);

    /* The one rank against eleven: 1 / 12; a random walk has 1 / 2,048. */
    cr_assert(n > 880 && n < 1120, "%lu", n);
    cr_assert_lt(late_first(&hn_random), 30);
}

Test(strategies, pos_draws_again_after_a_race)
{
    /* Of two that race at every step no rank is old: as the random walk. */
    use(&hn_pos, 1, 100000);
    strategic_keep(&t);
    strategic_run(&t, lockers);
    cr_assert_eq(t.distinct, 20);
    cr_assert(fits(&t, true), "%f of %lu", distance(&t, true), t.distinct);
}

/* ---- SURW ----------------------------------------------------------------*/

Test(strategies, surw_is_uniform_among_the_orders_of_one_object)
{
    use(&hn_surw, 3, 100000);
    strategic_keep(&t);
    strategic_run(&t, lockers);
    cr_assert_eq(t.distinct, 20);
    cr_assert(fits(&t, false), "%f of %lu", distance(&t, false), t.distinct);
}

static void parent(struct go_mutex *m, struct go_waitgroup *wg)
{
    step(m);
    go(locker, m, wg);
    step(m);
    step(m);
    go_waitgroup_done(wg);
}

/* A child that begins late: 30 orders of 3 and 1 + (3 beside 2). */
static void families(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 3);
    go(locker, &m, &wg);
    go(parent, &m, &wg);
    go_waitgroup_wait(&wg);
}

Test(strategies, surw_counts_children_that_are_not_born)
{
    struct strategic all = {.kind = &hn_delay, .parameter = 64};

    sections = 2;
    strategic_keep(&all);
    strategic_run(&all, families);
    use(&hn_surw, 3, 100000);
    strategic_keep(&t);
    strategic_run(&t, families);
    cr_assert_eq(t.distinct, all.distinct);
    cr_assert(fits(&t, false), "%f of %lu", distance(&t, false), t.distinct);
    strategic_forget(&all);
}

enum {
    SETTERS = 100
};
static struct go_mutex of_a, of_b, of_main;
static int a, b;

static int change(struct go_mutex *m, int *what, int to)
{
    int was;

    go_mutex_lock(m);
    was = *what;
    *what = to;
    go_mutex_unlock(m);
    return was;
}

static void setter(void)
{
    change(&of_a, &a, 1);
    change(&of_b, &b, -1);
}

static void checker(void)
{
    int was_a, was_b;

    go_mutex_lock(&of_a);
    was_a = a;
    go_mutex_unlock(&of_a);
    go_mutex_lock(&of_b);
    was_b = b;
    go_mutex_unlock(&of_b);
    if (was_a == 1 && was_b == 0)
        go_panic("reordered");
}

/* As reorder_100 of SCTBench: a check between a 1 and any of 100 -1. */
static void reorder(void)
{
    a = b = 0;
    of_a = of_b = of_main = (struct go_mutex){0};
    for (int i = 0; i < SETTERS; i++) {
        step(&of_main); /* to start a thread is a step there */
        go(setter);
    }
    step(&of_main);
    go(checker);
}

static uint64_t reordered(const struct hn_strategy_kind *kind, uint64_t seed)
{
    use(kind, seed, 3000);
    t.until = true;
    strategic_run(&t, reorder);
    return t.ended[GO_END_PANIC] ? t.found : 0;
}

Test(strategies, surw_finds_reorder_100)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        cr_assert_gt(reordered(&hn_surw, seed), 0, "seed %lu", seed);
    cr_assert_eq(reordered(&hn_random, 1), 0, "and a random walk can not");
}

/* explore_surw_test.c - the orders of one object, all the same likely. */
#include <vigil/go.h>

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
TestSuite(surw, .fini = teardown);

Test(surw, is_uniform_among_the_orders_of_one_object)
{
    strategic_use(&t, &hn_surw, 3, 100000);
    strategic_keep(&t);
    strategic_run(&t, lockers);
    cr_assert_eq(t.distinct, 20);
    cr_assert(strategic_fits(&t, false));
}

static void parent(struct go_mutex *m, struct go_waitgroup *wg)
{
    lockers_section(m);
    go(lockers_one, m, wg);
    lockers_section(m);
    lockers_section(m);
    go_waitgroup_done(wg);
}

/* A child that begins late: 30 orders of 3 and 1 + (3 beside 2). */
static void families(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 3);
    go(lockers_one, &m, &wg);
    go(parent, &m, &wg);
    go_waitgroup_wait(&wg);
}

Test(surw, counts_children_that_are_not_born)
{
    struct strategic all = {.kind = &hn_delay, .parameter = 64};

    lockers_sections = 2;
    strategic_keep(&all);
    strategic_run(&all, families);
    strategic_use(&t, &hn_surw, 3, 100000);
    strategic_keep(&t);
    strategic_run(&t, families);
    cr_assert_eq(t.distinct, all.distinct);
    cr_assert(strategic_fits(&t, false));
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
        lockers_section(&of_main); /* to start a thread is a step there */
        go(setter);
    }
    lockers_section(&of_main);
    go(checker);
}

static uint64_t reordered(const struct hn_strategy_kind *kind, uint64_t seed)
{
    strategic_use(&t, kind, seed, 3000);
    t.until = true;
    strategic_run(&t, reorder);
    return t.ended[GO_END_PANIC] ? t.found : 0;
}

Test(surw, finds_reorder_100)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        cr_assert_gt(reordered(&hn_surw, seed), 0, "seed %lu", seed);
    cr_assert_eq(reordered(&hn_random, 1), 0, "and a random walk can not");
}

/* ---- who is drawn, and does not come -------------------------------------*/

static void nested(struct go_mutex *outer, struct go_mutex *inner)
{
    go_mutex_lock(outer);
    lockers_section(inner);
    go_mutex_unlock(outer);
}

/* One of the first two waits for the other, which waits with the third. */
static void blocked(void)
{
    struct go_mutex outer = {0}, inner = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, nested, &outer, &inner);
    go_waitgroup_go(&wg, nested, &outer, &inner);
    go_waitgroup_go(&wg, nested, &inner, &of_main);
    go_waitgroup_wait(&wg);
}

Test(surw, who_is_blocked_does_not_block_all)
{
    strategic_use(&t, &hn_surw, 1, 1000);
    strategic_run(&t, blocked);
    cr_assert_eq(t.ended[GO_END_CLEAN], 1000);
}

static bool flag;

static void spin(struct go_mutex *m)
{
    while (!flag)
        lockers_section(&of_main);
    lockers_section(m);
}

static void raise_flag(struct go_mutex *m)
{
    go_mutex_lock(m);
    flag = true;
    go_mutex_unlock(m);
}

static void spinners(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    flag = false;
    go_waitgroup_go(&wg, spin, &m);
    go_waitgroup_go(&wg, raise_flag, &m);
    go_waitgroup_wait(&wg);
}

Test(surw, who_waits_for_those_it_holds_up_gives_up)
{
    strategic_use(&t, &hn_surw, 1, 1000);
    strategic_run(&t, spinners);
    cr_assert_eq(t.ended[GO_END_CLEAN], 1000);
}

/* The longest so far, and a little more: not that again with each loop. */
Test(surw, how_long_to_wait_does_not_grow_by_waiting)
{
    strategic_use(&t, &hn_surw, 1, 2000);
    strategic_run(&t, spinners);
    cr_assert(t.steps / t.executions < 200, "%lu", t.steps / t.executions);
}

static void poll(chan(int) c)
{
    while (go_select(GO_RECV(c, NULL), GO_DEFAULT) == 1)
        continue;
}

static void close_late(chan(int) c)
{
    for (int i = 0; i < 10; i++)
        lockers_section(&of_main);
    chan_close(c);
}

static void pollers(void)
{
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, 0);

    go_waitgroup_go(&wg, poll, c);
    go_waitgroup_go(&wg, close_late, c);
    go_waitgroup_go(&wg, poll, c);
    go_waitgroup_wait(&wg);
}

Test(surw, who_waits_for_those_who_look_gives_up_sooner)
{
    strategic_use(&t, &hn_surw, 1, 2000);
    strategic_run(&t, pollers);
    cr_assert_lt(t.steps / t.executions, 70, "%lu", t.steps / t.executions);
}

/* ---- by hand -------------------------------------------------------------*/

static const int x, y; /* objects */

/* One operation of task on x, with nobody else about. */
static void alone(struct hn_strategy *s, uint32_t task)
{
    FED(&hn_surw, s, {task, GO_OP_LOCK, &x, 0, NULL});
}

Test(surw, in_the_stead_of_who_can_not_come_by_what_is_left)
{
    uint64_t times = 0;

    for (uint64_t seed = 1; seed <= 12000; seed++) {
        struct hn_strategy *s = hn_strategy_make(&hn_surw, 0, seed);

        hn_surw.begin(s);
        for (int i = 0; i < 8; i++)
            alone(s, i < 3 ? 1 : i < 4 ? 2 : 3);
        fed_end(&hn_surw, s, 8);
        hn_surw.begin(s);
        times += FED(&hn_surw, s, {1, GO_OP_LOCK, &x, 0, NULL},
                     {2, GO_OP_LOCK, &x, 0, NULL}) == 1;
        hn_surw.free(s);
    }
    /* 3 / 4; 5 / 8 if whoever stands in for 3 were drawn without weights */
    cr_assert(times > 8700 && times < 9300, "%lu", times);
}

Test(surw, nobody_is_held_back_when_all_have_done_what_they_used_to)
{
    uint64_t times = 0;

    for (uint64_t seed = 1; seed <= 12000; seed++) {
        struct hn_strategy *s = hn_strategy_make(&hn_surw, 0, seed);

        hn_surw.begin(s);
        alone(s, 1);
        alone(s, 2);
        fed_end(&hn_surw, s, 2);
        hn_surw.begin(s);
        alone(s, 1);
        alone(s, 2);
        times += FED(&hn_surw, s, {1, GO_OP_LOCK, &x, 0, NULL},
                     {3, GO_OP_LOCK, &y, 0, NULL}) == 1;
        hn_surw.free(s);
    }
    cr_assert(times > 5700 && times < 6300, "%lu", times);
}

Test(surw, in_its_stead_by_any_of_its_ways)
{
    struct hn_strategy *s = hn_strategy_make(&hn_surw, 0, 1);
    uint32_t ways = 0;

    for (int i = 0; i < 100; i++) {
        hn_surw.begin(s);
        FED(&hn_surw, s, {1, GO_OP_SEND, &x, 4, NULL},
            {1, GO_OP_SEND, &x, 5, NULL}, {2, GO_OP_SEND, &x, 4, NULL},
            {2, GO_OP_SEND, &x, 5, NULL});
        ways |= i > 0 ? 1u << fed_way : 0;
        for (int j = 0; j < 99; j++)
            alone(s, 3); /* it is this one's turn, mostly */
        fed_end(&hn_surw, s, 100);
    }
    cr_assert_eq(ways, 3);
    hn_surw.free(s);
}

#endif

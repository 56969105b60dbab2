/* draw_test.c - what is drawn is what a driver chooses that draws so. */
#include <string.h>
#include <vigil/go.h>

#include "tests/driven.h"

enum {
    EXECUTIONS = 300,
    CHOICES = 1 << 12,
};

/* A driver that draws, and has as much drawn for it as is asked for. */
static struct {
    uint64_t state;
    struct go_draw draw;
    uint32_t most, n, choice[CHOICES];
    uint32_t asked, executions;
    uint64_t hash, steps, ended[GO_END_BOUND + 1];
    unsigned unasked;
} now;
static uint32_t most_zeros, zeros; /* behind the first choices the state is 0 */

static void note(uint32_t k)
{
    cr_assert_lt(now.n, CHOICES, "an execution has too many choices");
    now.choice[now.n++] = k;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    uint32_t k = n > 1 ? go_draw_below(&now.state, n) : 0;

    (void)arg, (void)steps;
    note(k);
    now.asked++;
    if (zeros < most_zeros && now.n == now.asked && !now.executions) {
        now.state = 0;
        zeros++;
    }
    now.draw.left = now.most;
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    uint32_t k = go_draw_below(&now.state, n);

    (void)arg, (void)task;
    note(k);
    return k;
}

static void mix(uint64_t x)
{
    now.hash = (now.hash ^ x) * 0x9e3779b97f4a7c15u;
    now.hash ^= now.hash >> 29;
}

static bool over(void *arg, const struct go_execution *e)
{
    (void)arg;
    cr_assert_eq(now.draw.left <= now.most, true);
    for (uint32_t i = 0; i < now.n; i++)
        mix(now.choice[i]);
    mix(e->end);
    mix((uint64_t)e->clock);
    now.steps += e->steps;
    now.ended[e->end]++;
    now.unasked |= e->unasked;
    now.n = 0;
    return ++now.executions < EXECUTIONS;
}

/* most: so many in a row are drawn; 0: none. early: timers that may be. */
static uint64_t run(void (*body)(void), uint32_t most, uint32_t early)
{
    struct go_control control = {.choose = choose,
                                 .number = number,
                                 .draw = most ? &now.draw : NULL,
                                 .over = over,
                                 .early = early,
                                 .steps = 2000};

    memset(&now, 0, sizeof(now));
    now.state = 7;
    now.most = now.draw.left = most;
    now.draw.state = &now.state;
    now.draw.ops = 1 << GO_OP_LOCK | 1 << GO_OP_RLOCK | 1 << GO_OP_YIELD |
                   1 << GO_OP_STORE;
    now.draw.n = &now.n;
    now.draw.choice = now.choice;
    driven_run_by(&control, body);
    return now.hash;
}

static void same(void (*body)(void), uint32_t early, bool drawn)
{
    uint64_t hash = run(body, 0, early), steps = now.steps, asked = now.asked;

    cr_assert_eq(asked, steps);
    for (uint32_t most = 1; most < 400; most *= 7) {
        cr_assert_eq(run(body, most, early), hash, "%u in a row", most);
        cr_assert_eq(now.steps, steps);
        cr_assert_eq(now.asked < steps, drawn, "%u asked", now.asked);
    }
}

/* ---- bodies --------------------------------------------------------------*/

static void one(struct go_mutex *a, struct go_mutex *b, struct go_waitgroup *wg)
{
    for (int i = 0; i < 2; i++) {
        go_mutex_lock(a);
        go_mutex_lock(b);
        go_yield();
        go_mutex_unlock(b);
        go_mutex_unlock(a);
    }
    go_waitgroup_done(wg);
}

static void locks(void)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 3);
    go(one, &a, &b, &wg);
    go(one, &b, &a, &wg);
    go(one, &a, &b, &wg);
    go_waitgroup_wait(&wg);
}

static void talk(chan(int) c, struct go_mutex *m, struct go_waitgroup *wg)
{
    for (int i = 0; i < 3; i++) {
        go_mutex_lock(m);
        go_select(GO_SEND(c, i), GO_RECV(c, NULL), GO_DEFAULT);
        go_mutex_unlock(m);
        go_sleep((int64_t)go_choose(2) * GO_MILLISECOND);
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
    go_waitgroup_done(wg);
}

static void talks(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, 1);

    go_waitgroup_add(&wg, 3);
    for (int i = 0; i < 3; i++)
        go(talk, c, &m, &wg);
    go_waitgroup_wait(&wg);
}

static void for_ever(struct go_mutex *m)
{
    for (;;) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
}

static void spins(void)
{
    struct go_mutex m = {0};

    go(for_ever, &m);
    for_ever(&m);
}

/* A daemon goes round for ever, and so it is over: when it has for long, or
   when a second look finds it so, for it had done something else before. */
static void round_and_round(struct go_mutex *m, struct go_atomic *a)
{
    go_expect_daemon();
    for (int i = 0; a && i < 300; i++) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
    if (a)
        go_atomic_store(a, 1);
    for_ever(m);
}

static void leaves_who_spins(void)
{
    static struct go_mutex m;

    m = (struct go_mutex){0};
    go(round_and_round, &m, NULL);
}

static void leaves_who_spins_later(void)
{
    static struct go_mutex m;
    static struct go_atomic a;

    m = (struct go_mutex){0};
    go(round_and_round, &m, &a);
}

/* Nobody stands anywhere when main has spun for as long as loops may, and
   somebody is left: the others' turns begin, although they have none. */
static void wait_for_ever(struct go_mutex *m, struct go_cond *c)
{
    go_mutex_lock(m);
    go_cond_wait(c, m);
}

static void spins_and_ends(void)
{
    static struct go_mutex m, mine;
    static struct go_cond c;

    m = mine = (struct go_mutex){0};
    c = (struct go_cond){0};
    go(wait_for_ever, &m, &c);
    go_sleep(1);
    for (int i = 0; i < 1000; i++) {
        go_mutex_lock(&mine);
        go_mutex_unlock(&mine);
    }
}

/* ---- the tests -----------------------------------------------------------*/

Test(draw, locks_as_if_they_were_chosen)
{
    same(locks, 0, true);
    cr_assert_gt(now.ended[GO_END_CLEAN], 0);
    cr_assert_gt(now.ended[GO_END_STUCK], 0);
}

Test(draw, from_a_state_that_nothing_was_drawn_from)
{
    uint64_t hash;

    most_zeros = CHOICES; /* up to the first that is drawn, of this process */
    hash = run(locks, 400, 0);
    most_zeros = zeros;
    zeros = 0;
    cr_assert_eq(run(locks, 0, 0), hash);
}

Test(draw, tells_which_operations_were)
{
    run(locks, 4, 0);
    cr_assert_eq(now.draw.done, 1 << GO_OP_LOCK | 1 << GO_OP_YIELD);
    run(spins, 4, 0);
    cr_assert_eq(now.draw.done, 1 << GO_OP_LOCK);
    run(locks, 0, 0);
    cr_assert_eq(now.draw.done, 0);
}

Test(draw, nothing_that_has_more_ways_than_one)
{
    same(talks, 0, true);
}

Test(draw, nothing_while_a_timer_may_be_early)
{
    same(talks, 2, true);
}

#ifndef __SANITIZE_THREAD__ /* a crowd takes minutes there */
static void crowd(void)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 80);
    for (int i = 0; i < 80; i++)
        go(one, &a, &b, &wg);
    go_waitgroup_wait(&wg);
}

static void section(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_mutex_unlock(m);
}

/* All are there at the first choice. */
static void crowd_at_once(void)
{
    static struct go_mutex m;

    m = (struct go_mutex){0};
    for (int i = 0; i < 80; i++)
        go(section, &m);
}

Test(draw, nothing_where_tasks_are_more_than_a_word_has)
{
    same(crowd, 0, false);
    same(crowd_at_once, 0, false);
}
#endif

Test(draw, an_execution_ends_where_it_would)
{
    same(spins, 0, true);
    cr_assert_eq(now.ended[GO_END_BOUND], EXECUTIONS);
}

Test(draw, who_spins_has_as_long)
{
    uint64_t steps;

    same(leaves_who_spins, 0, true);
    cr_assert_eq(now.ended[GO_END_CLEAN], EXECUTIONS);
    steps = now.steps;
    same(leaves_who_spins_later, 0, true);
    cr_assert_eq(now.ended[GO_END_CLEAN], EXECUTIONS);
    cr_assert_gt(now.steps, steps);
}

Test(draw, who_spins_up_to_the_end_has_spun)
{
    same(spins_and_ends, 0, true);
    cr_assert_eq(now.ended[GO_END_LEFT], EXECUTIONS);
    cr_assert(now.unasked & GO_UNASKED_TURNS);
}

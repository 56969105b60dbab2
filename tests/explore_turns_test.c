/* explore_turns_test.c - who has which executions of a search. */
#include <criterion/criterion.h>
#include <vigil/go.h>

#include "harness/explore/turns.h"
#include "runtime/sched/sanitize.h"
#include "tests/body.h"

enum {
    ALL = 10000
};

static struct hn_explore_ask ask(const char *strategy)
{
    return (struct hn_explore_ask){
        .strategy = strategy, .schedules = ALL, .seed = 1};
}

static bool tries_all(const struct hn_turns *t)
{
    return hn_turns_kind(t) && hn_turns_kind(t)->complete;
}

/* ---- shares ---------------------------------------------------------------*/

/* Of the first n executions, those that are part of trying all; the longest
   that the others wait for them, and the first such wait. */
struct tried {
    uint64_t n, longest, first;
};

static struct tried play(struct hn_turns *t, uint64_t n)
{
    struct tried of = {0, 0, 0};
    uint64_t now = 0;

    for (uint64_t i = 0; i < n; i++) {
        now = tries_all(t) ? now + 1 : 0;
        of.n += now > 0;
        of.longest = now > of.longest ? now : of.longest;
        cr_assert(hn_turns_next(t, true, ALL - i - 1));
        if (now && !of.first && !tries_all(t))
            of.first = now;
    }
    return of;
}

Test(turns, who_tries_all_keeps_nobody_waiting_for_long)
{
    struct hn_explore_ask a = ask("default");
    struct hn_turns t = {0};
    struct tried of;

    cr_assert(hn_turns_begin(&t, &a, true));
    of = play(&t, 1000);
    cr_assert_eq(of.first, 16);
    cr_assert_eq(of.longest, 64);
    cr_assert_gt(of.n, 300);
    cr_assert_lt(of.n, 500);
    hn_turns_end(&t);
}

Test(turns, who_tries_all_has_half_and_no_more)
{
    struct hn_explore_ask a = ask("default");
    struct hn_turns t = {0};
    struct tried of;

    cr_assert(hn_turns_begin(&t, &a, true));
    of = play(&t, ALL - 1);
    cr_assert_gt(of.n, ALL / 2 - 200);
    cr_assert_leq(of.n, ALL / 2);
    hn_turns_end(&t);
}

Test(turns, who_has_tried_all_has_no_turn_again)
{
    struct hn_explore_ask a = ask("default");
    struct hn_turns t = {0};
    uint64_t rest = ALL;

    cr_assert(hn_turns_begin(&t, &a, true));
    while (!tries_all(&t))
        cr_assert(hn_turns_next(&t, true, --rest));
    cr_assert(hn_turns_next(&t, false, --rest));
    while (rest > 0) {
        cr_assert(!tries_all(&t));
        cr_assert(hn_turns_next(&t, true, --rest));
    }
    hn_turns_end(&t);
}

Test(turns, where_nobody_may_try_all_nobody_does)
{
    struct hn_explore_ask a = ask("default");
    struct hn_turns t = {0};

    cr_assert(hn_turns_begin(&t, &a, false));
    cr_assert_eq(play(&t, ALL - 1).n, 0);
    hn_turns_end(&t);
}

/* ---- others between -------------------------------------------------------*/

#if !defined(RT_TSAN) /* as in explore_dpor_test.c */

static bool tries; /* of the execution: somebody tries a lock */

static void section(struct go_mutex *m, struct go_waitgroup *wg)
{
    go_mutex_lock(m);
    go_mutex_unlock(m);
    go_waitgroup_done(wg);
}

static void sections(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 3);
    for (int i = 0; i < 3; i++)
        go(section, &m, &wg);
    if (tries && go_mutex_trylock(&m))
        go_mutex_unlock(&m);
    go_waitgroup_wait(&wg);
}

struct taken_from {
    struct hn_strategy *s;
    uint64_t n; /* executions of s */
    bool others;
};

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct taken_from *t = arg;

    return t->others ? n - 1 : hn_dpor.choose(t->s, steps, n);
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    return hn_dpor.number(((struct taken_from *)arg)->s, task, n);
}

static void note(void *arg, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    struct taken_from *t = arg;

    if (!t->others)
        hn_dpor.note(t->s, what, task, object, other);
}

/* Two of its own, then one of another's, that makes releases steps. */
static bool over(void *arg, const struct go_execution *e)
{
    struct taken_from *t = arg;

    if (!t->others) {
        t->n++;
        if (!hn_dpor.end(t->s, e))
            return false;
    }
    t->others = !t->others && t->n == 2;
    tries = t->others;
    if (!t->others)
        hn_dpor.begin(t->s);
    return true;
}

/* others: the first one is another's. How many of its own it takes. */
static uint64_t all_tried(bool others)
{
    struct taken_from t = {.s = hn_strategy_make(&hn_dpor, 0, 1),
                           .others = others};
    struct go_control control = {.arg = &t,
                                 .choose = choose,
                                 .number = number,
                                 .note = note,
                                 .over = over,
                                 .steps = 1000};
    struct go_run run = body_run(sections);

    tries = others;
    if (!others)
        hn_dpor.begin(t.s);
    run.control = &control;
    go_run(&run);
    cr_assert_not(hn_dpor.lost(t.s));
    cr_assert(hn_dpor.complete(t.s));
    hn_dpor.free(t.s);
    return t.n;
}

Test(turns, what_others_make_a_step_is_one_for_who_tries_all)
{
    cr_assert_eq(all_tried(false), 2 + 6, "it has begun again");
}

Test(turns, what_others_made_a_step_before_is_one_as_well)
{
    cr_assert_eq(all_tried(true), 6);
}

#endif

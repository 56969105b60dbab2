/*
 * explore_watch_test.c - when an execution goes round, and when that is not
 * known: memory is what the tests say it is.
 */
#include "harness/explore/watch.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/driven.h"

enum {
    STEPS = 3000
};

static struct {
    struct hn_watch *watch;
    uint64_t memory, changes;    /* by so much at each look; */
    uint64_t more, more_changes; /* the other half of the hash */
    uint32_t held;               /* up to this choice */
    bool unknown;                /* what it is now */
    bool unfair;                 /* the first step, always */
    uint32_t last;               /* task */
    enum go_end end;
    uint32_t taken;
} t;

/* In place of state.c's. */
bool hn_state_take(const struct hn_states *s, struct hn_state *to)
{
    (void)s;
    *to = (struct hn_state){t.memory, t.more};
    t.memory += t.changes;
    t.more += t.more_changes;
    return !t.unknown;
}

/* Whoever comes after the last one. */
static uint32_t next(const struct go_step *steps, uint32_t n)
{
    for (uint32_t i = 0; i < n && !t.unfair; i++)
        if (steps[i].point && steps[i].point->task > t.last)
            return i;
    return 0;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    uint32_t k;

    (void)arg;
    hn_watch_hold(t.watch, t.taken < t.held);
    if (hn_watch_moment(t.watch))
        return GO_NOWHERE;
    k = next(steps, n);
    t.last = steps[k].point ? steps[k].point->task : 0;
    hn_watch_took(t.watch, steps, n, k);
    t.taken++;
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    (void)arg;
    (void)task;
    (void)n;
    hn_watch_break(t.watch);
    return 0;
}

static bool over(void *arg, const struct go_execution *e)
{
    (void)arg;
    t.end = e->end;
    return false;
}

static enum go_end run(void (*body)(void))
{
    const struct go_control control = {
        .choose = choose, .number = number, .over = over, .steps = STEPS};

    t.last = t.taken = 0;
    driven_run_by(&control, body);
    return t.end;
}

static void setup(void)
{
    memset(&t, 0, sizeof(t));
    t.watch = hn_watch_new((const struct hn_states *)&t);
    hn_watch_begin(t.watch, HN_WATCH_PATIENT);
}

static void teardown(void)
{
    hn_watch_free(t.watch);
}
TestSuite(watch_round, .init = setup, .fini = teardown);

static bool draws;

static void spin(void)
{
    for (;;) {
        if (draws)
            go_choose(2);
        go_yield();
    }
}

static void two(void)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, spin);
    go_waitgroup_go(&wg, spin);
    go_waitgroup_wait(&wg);
}

Test(watch_round, the_same_memory_and_everybody_had_a_turn_is_a_livelock)
{
    struct hn_round r;

    cr_assert_eq(run(two), GO_END_LIVELOCK);
    r = hn_watch_round(t.watch);
    cr_assert(r.from < r.to && r.to == t.taken, "%u..%u of %u", r.from, r.to,
              t.taken);
    cr_assert_neq(hn_watch_signature(t.watch), 0);
}

Test(watch_round, other_memory_is_none)
{
    t.changes = 1;
    cr_assert_eq(run(two), GO_END_BOUND);
    cr_assert_gt(hn_watch_looks(t.watch), 1);
}

Test(watch_round, memory_of_which_half_a_hash_is_the_same_is_other_memory)
{
    t.more_changes = 1;
    cr_assert_eq(run(two), GO_END_BOUND);
    cr_assert_gt(hn_watch_looks(t.watch), 1);
}

Test(watch_round, it_is_told_when_it_is_held_no_more)
{
    t.held = STEPS / 3;
    cr_assert_eq(run(two), GO_END_LIVELOCK);
    cr_assert_geq(t.taken, t.held);
}

Test(watch_round, memory_that_is_not_known_is_none)
{
    t.unknown = true;
    cr_assert_eq(run(two), GO_END_BOUND);
    cr_assert_gt(hn_watch_looks(t.watch), 1);
}

Test(watch_round, who_could_go_on_and_never_did_makes_it_none)
{
    t.unfair = true;
    cr_assert_eq(run(two), GO_END_BOUND);
    cr_assert_gt(hn_watch_looks(t.watch), 1);
}

Test(watch_round, a_number_that_is_drawn_makes_it_none)
{
    draws = true;
    cr_assert_eq(run(two), GO_END_BOUND);
    draws = false;
}

static void leave(void)
{
    go(spin);
    go(spin);
}

Test(watch_round, when_main_has_returned_it_is_none)
{
    cr_assert_neq(run(leave), GO_END_LIVELOCK);
    cr_assert_gt(hn_watch_looks(t.watch), 1);
}

Test(watch_round, who_only_counts_does_not_look)
{
    hn_watch_begin(t.watch, HN_WATCH_COUNT);
    cr_assert_eq(run(two), GO_END_BOUND);
    cr_assert_eq(hn_watch_looks(t.watch), 0);
    cr_assert_gt(hn_watch_idle(t.watch), STEPS / 2);
}

Test(watch_round, eager_ones_see_it_sooner)
{
    uint32_t patient;

    cr_assert_eq(run(two), GO_END_LIVELOCK);
    patient = t.taken;
    hn_watch_begin(t.watch, HN_WATCH_EAGER);
    cr_assert_eq(run(two), GO_END_LIVELOCK);
    cr_assert_lt(t.taken, patient);
}

Test(watch_round, a_known_one_is_told_at_its_end_without_a_look)
{
    uint64_t signature, looks;
    struct hn_round r;

    run(two);
    r = hn_watch_round(t.watch);
    signature = hn_watch_signature(t.watch);
    looks = hn_watch_looks(t.watch);
    hn_watch_begin_known(t.watch, r);
    cr_assert_eq(run(two), GO_END_LIVELOCK);
    cr_assert_eq(t.taken, r.to);
    cr_assert_eq(hn_watch_looks(t.watch), looks);
    cr_assert_eq(hn_watch_signature(t.watch), signature);
}

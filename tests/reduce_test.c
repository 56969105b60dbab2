/* reduce_test.c - the reduction against brute force on small random graphs. */
#include "runtime/monitor/reduce.h"

#include <criterion/criterion.h>

#include "tests/brute.h"

enum {
    GRAPHS = 30000
};

static void world_reach(void *arg, uint32_t g, struct mon_reduction *r)
{
    const struct brute *w = arg;

    for (uint32_t o = 0; o < w->m.in.nobject; o++) {
        unsigned half = g == MON_OUTSIDE   ? w->outside[o]
                        : g == MON_GLOBALS ? w->root[o]
                                           : w->reach[g][o];

        if (half & 1)
            mon_reduce_reach(r, o, MON_WANT(GO_WANT_SEND));
        if (half & 2)
            mon_reduce_reach(r, o, MON_WANT(GO_WANT_RECV));
    }
}

static unsigned reduced(struct brute *w)
{
    struct mon_reach reach = {world_reach, w};
    struct mon_graph graph;
    struct mon_reduction r;
    unsigned stuck = 0;

    cr_assert(mon_graph_build(&graph, &w->m.in, NULL, &w->m.arena) == 0);
    cr_assert(mon_reduce(&graph, w->matrix ? &reach : NULL, MON_DOUBT_ALL,
                         &w->m.arena, &r) == 0);
    for (uint32_t g = 0; g < w->m.in.ngoroutine; g++)
        stuck |= (unsigned)!r.live[g] << g;
    return stuck;
}

Test(reduce, agrees_with_brute_force_on_random_graphs)
{
    static struct brute w;
    unsigned some_stuck = 0, some_live = 0;

    for (uint64_t seed = 1; seed <= GRAPHS; seed++) {
        unsigned expected, got;

        brute_world(&w, seed);
        expected = brute_judge(&w);
        got = reduced(&w);
        cr_assert(expected == got, "seed %lu: stuck are %x, reduced to %x",
                  (unsigned long)seed, expected, got);
        some_stuck += expected != 0;
        some_live += expected == 0;
        rt_arena_free(&w.m.arena);
    }
    cr_assert(some_stuck > GRAPHS / 10 && some_live > GRAPHS / 10,
              "one-sided corpus: %u stuck, %u live", some_stuck, some_live);
}

Test(reduce, the_judge_notices_every_dropped_rule)
{
    static struct brute w;
    unsigned noticed[RULE_COUNT] = {0};

    for (uint64_t seed = 1; seed <= GRAPHS / 10; seed++) {
        unsigned expected;

        brute_world(&w, seed);
        expected = brute_judge(&w);
        for (int rule = RULE_NONE; rule < RULE_COUNT; rule++) {
            w.dropped = rule;
            noticed[rule] += brute_judge(&w) != expected;
        }
    }
    cr_assert(noticed[RULE_NONE] == 0);
    for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++)
        cr_assert(noticed[rule] > 0, "dropping rule %d goes unnoticed", rule);
}

Test(reduce, order_of_slots_does_not_matter)
{
    static struct brute w;

    for (uint64_t seed = 1; seed <= 2000; seed++) {
        unsigned before, after = 0;
        uint32_t n;

        brute_world(&w, seed);
        w.matrix = false;
        before = reduced(&w);
        n = w.m.in.ngoroutine;
        for (uint32_t i = 0; i < n / 2; i++) { /* turned end for end */
            struct go_inspect_goroutine g = w.m.g[i];

            w.m.g[i] = w.m.g[n - 1 - i];
            w.m.g[n - 1 - i] = g;
        }
        for (uint32_t i = 0, got = reduced(&w); i < n; i++)
            after |= (got >> i & 1) << (n - 1 - i);
        cr_assert(before == after, "seed %lu", (unsigned long)seed);
        rt_arena_free(&w.m.arena);
    }
}

static void reaches_nothing(void *arg, uint32_t source, struct mon_reduction *r)
{
    (void)arg, (void)source, (void)r;
}

/* Nothing is known of it, not even who could be seen to have it. */
Test(reduce, what_is_not_there_any_more_is_reached_by_whoever_lives)
{
    const struct mon_reach nothing = {reaches_nothing, NULL};
    struct made m;
    struct mon_graph graph;
    struct mon_reduction r;
    uint32_t g, other;

    made_new(&m);
    g = made_g(&m, GO_WAIT_COND);
    made_wait(&m, g, made_object(&m, GO_KIND_GONE, ""), GO_WANT_SIGNAL);
    other = made_g(&m, GO_WAIT_SELECT_EMPTY);
    cr_assert(mon_graph_build(&graph, made_done(&m), NULL, &m.arena) == 0);
    cr_assert(mon_reduce(&graph, &nothing, MON_DOUBT_ALL, &m.arena, &r) == 0);
    cr_assert(!r.live[g]);
    m.g[other].state = GO_STATE_RUNNING;
    cr_assert(mon_graph_build(&graph, made_done(&m), NULL, &m.arena) == 0);
    cr_assert(mon_reduce(&graph, &nothing, MON_DOUBT_ALL, &m.arena, &r) == 0);
    cr_assert(r.live[g]);
    made_free(&m);
}

Test(reduce, foreign_threads_are_doubt_that_can_be_left_out)
{
    struct made m;
    struct mon_graph graph;
    struct mon_reduction r;
    uint32_t g;

    made_new(&m);
    g = made_g(&m, GO_WAIT_CHAN_RECV);
    made_wait(&m, g, made_object(&m, GO_KIND_CHAN, "c"), GO_WANT_SEND);
    m.in.foreign_life = 1;
    cr_assert(mon_graph_build(&graph, made_done(&m), NULL, &m.arena) == 0);
    cr_assert(mon_reduce(&graph, NULL, MON_DOUBT_ALL, &m.arena, &r) == 0);
    cr_assert(r.live[g] && r.any_life);
    cr_assert(mon_reduce(&graph, NULL, MON_DOUBT_NO_THREADS, &m.arena, &r) ==
              0);
    cr_assert(!r.live[g] && !r.any_life);
    made_free(&m);
}

/*
 * delay.c - every schedule with few delays: none first, then one, two, ...
 *
 * Method: Emmi, Qadeer, Rakamaric, "Delay-Bounded Scheduling", 2011. There is
 * one default schedule: who took the last step goes on, and when it can not,
 * the first task that can. A delay passes over whom the default would take, to
 * the next task in cyclic order; so at one moment the third next costs three.
 * Where a task has several steps (cases of a select, who is met, who is woken)
 * the first is the default, and each of the others costs one delay more; and
 * so does a number that is not 0. Most bugs need one or two.
 *
 * Each schedule is run once. A run deviates from an earlier one (its base) at
 * one more choice, behind the last where that one did. Of each run that others
 * can begin with it is noted where its last choices with alternatives are, so
 * that nothing is run only to see that there is nothing left.
 *
 * D1  A run costs what its base does and the cost of its own deviation; it is
 *     run in the round of that cost.
 * D2  Runs that cost the bound are no bases; memory is by the others.
 * D3  Ways that cost x are there if any that cost more are.
 * D4  When somebody tries a lock for the first time in a run, unlocks become
 *     steps, and choices mean something else: all begins again, once.
 *
 * Why not one depth-first search within the bound: it would try the last
 * choices with all delays first, and those at the beginning hours later.
 */
#include <string.h>

#include "harness/explore/memory.h"
#include "harness/explore/schedule.h"
#include "harness/explore/strategy.h"
#include "harness/explore/walk.h"

enum {
    BOUND = 2,
    BOUND_MAX = 64,
    NONE = UINT32_MAX,
};

/* A choice that is not the default one. */
struct deviation {
    uint32_t at;  /* which choice, counted from 1; only those with n > 1 */
    uint32_t way; /* the step, or the number */
};

/* A run that others begin with. */
struct base {
    uint32_t base; /* its own, NONE */
    uint32_t cost;
    struct deviation own;
};

struct hn_strategy {
    uint32_t bound, round; /* the cost of what is run now, D1 */
    struct base *bases;
    uint32_t *ends; /* [bound] of each base: the last choice where something
                       costs 1, 2, ...; 0: none */
    uint32_t n, cap, ready; /* ready: how many there were before this round */

    /* What is run: base, and behind it the nth way of this cost, at `at` or
       the first choice from there on that has it. */
    uint32_t base, cost, nth, at;
    uint32_t ways; /* of that cost there; 0: not yet come there */
    uint32_t way;  /* which one it was */

    uint32_t more;        /* were steps when this execution began, D4 */
    uint32_t choices;     /* in this execution, so far */
    uint32_t next, npath; /* of path */
    struct hn_default usual;
    uint32_t seen[BOUND_MAX];         /* to be its ends */
    struct deviation path[BOUND_MAX]; /* of the base, in order */
};

static struct hn_strategy *make(uint32_t parameter, uint64_t seed)
{
    struct hn_strategy *s = hn_memory_take(sizeof(*s));

    (void)seed; /* nothing here is random */
    if (!s)
        return NULL;
    s->bound = parameter == 0          ? BOUND
               : parameter > BOUND_MAX ? BOUND_MAX
                                       : parameter;
    s->base = NONE;
    return s;
}

static void unmake(struct hn_strategy *s)
{
    hn_memory_give(s->bases);
    hn_memory_give(s->ends);
    hn_memory_give(s);
}

static void begin(struct hn_strategy *s)
{
    s->choices = s->next = s->npath = 0;
    s->ways = 0;
    s->usual = HN_DEFAULT_INIT;
    s->more = go_control_more();
    memset(s->seen, 0, s->bound * sizeof(s->seen[0]));
    for (uint32_t b = s->base; b != NONE; b = s->bases[b].base)
        s->npath += s->bases[b].own.at > 0;
    for (uint32_t b = s->base, i = s->npath; i > 0; b = s->bases[b].base)
        s->path[--i] = s->bases[b].own;
}

/* ---- the default, and what else there is ---------------------------------*/

/* Where the steps of the task d > 0 places behind that of step k begin. */
static uint32_t behind(const struct go_step *steps, uint32_t n, uint32_t k,
                       uint32_t d)
{
    while (d-- > 0) {
        k = hn_walk_next(steps, n, k);
        k = k == n ? 0 : k;
    }
    return k;
}

/* The steps of a moment, from the default one on. */
struct moment {
    const struct go_step *steps;
    uint32_t n, k; /* k: the default one */
    uint32_t tasks;
};

/* Steps of the task d places behind; *at: where they begin. */
static uint32_t steps_of(const struct moment *m, uint32_t d, uint32_t *at)
{
    uint32_t i = behind(m->steps, m->n, m->k, d);

    if (d >= m->tasks)
        return 0;
    while (i > 0 && m->steps[i - 1].point == m->steps[i].point)
        i--;
    *at = i;
    return hn_walk_next(m->steps, m->n, i) - i;
}

/* How many ways cost x > 0: the task x places behind, at its first; the one
   before, at another. */
static uint32_t ways_of(const struct moment *m, uint32_t x)
{
    uint32_t at, others = steps_of(m, x - 1, &at);

    return (x < m->tasks) + (others ? others - 1 : 0);
}

static uint32_t nth_way(const struct moment *m, uint32_t x, uint32_t nth)
{
    uint32_t at = 0, first;

    if (x < m->tasks && nth-- == 0)
        return behind(m->steps, m->n, m->k, x);
    steps_of(m, x - 1, &at);
    first = x == 1 ? m->k : at; /* not among the others */
    return at + nth + (at + nth >= first);
}

/* ---- an execution --------------------------------------------------------*/

/* Another choice, and it is one where the base has deviated; *way: to what. */
static bool is_path(struct hn_strategy *s, uint32_t *way)
{
    s->choices++;
    if (s->next == s->npath || s->path[s->next].at != s->choices)
        return false;
    *way = s->path[s->next++].way;
    return true;
}

/* The run is to deviate from its base here, if that is possible. */
static bool is_due(const struct hn_strategy *s)
{
    return s->base != NONE && !s->ways && s->choices >= s->at;
}

/* There are so many ways at its cost: it does, if one of them is its way. */
static bool is_own(struct hn_strategy *s, uint32_t ways)
{
    if (s->nth >= ways)
        return false;
    s->at = s->choices;
    s->ways = ways;
    return true;
}

/* Others could deviate here at a cost of up to dear. */
static void could(struct hn_strategy *s, uint32_t dear)
{
    if (s->base != NONE && !s->ways)
        return; /* the base's business */
    for (uint32_t x = 1; x <= dear && x <= s->bound - s->round; x++)
        s->seen[x - 1] = s->choices; /* D3 */
}

static uint32_t choose_one(struct hn_strategy *s, const struct go_step *steps,
                           uint32_t n)
{
    struct moment m = {
        .steps = steps, .n = n, .k = hn_default_step(&s->usual, steps, n)};
    uint32_t way, at;

    for (uint32_t i = 0; i < n; i = hn_walk_next(steps, n, i))
        m.tasks++;
    if (is_path(s, &way))
        return way < n ? way : m.k;
    if (is_due(s) && is_own(s, ways_of(&m, s->cost)))
        return s->way = nth_way(&m, s->cost, s->nth);
    could(s, m.tasks - 1 + (steps_of(&m, m.tasks - 1, &at) > 1));
    return m.k;
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    uint32_t k = n == 1 ? 0 : choose_one(s, steps, n);

    hn_default_took(&s->usual, &steps[k]);
    return k;
}

static uint32_t number(struct hn_strategy *s, uint32_t task, uint32_t n)
{
    uint32_t way;

    (void)task;
    n = n > HN_WIDE ? 2 : n;
    if (is_path(s, &way))
        return way < n ? way : 0;
    if (is_due(s) && is_own(s, s->cost == 1 ? n - 1 : 0))
        return s->way = 1 + s->nth;
    could(s, 1);
    return 0;
}

/* ---- one after the other -------------------------------------------------*/

static bool grow(struct hn_strategy *s)
{
    uint32_t cap = s->cap ? 2 * s->cap : 64;
    struct base *bases = hn_memory_grow(s->bases, cap * sizeof(*bases));
    uint32_t *ends;

    if (bases)
        s->bases = bases;
    ends = hn_memory_grow(s->ends, (size_t)cap * s->bound * sizeof(*ends));
    if (ends)
        s->ends = ends;
    if (!bases || !ends)
        return false;
    s->cap = cap;
    return true;
}

/* What was run can be begun with, D2; without memory it is not. */
static void keep(struct hn_strategy *s)
{
    if (s->round == s->bound || (s->n == s->cap && !grow(s)))
        return;
    s->bases[s->n] = (struct base){.base = s->base, .cost = s->round};
    if (s->base != NONE)
        s->bases[s->n].own = (struct deviation){s->at, s->way};
    memcpy(s->ends + (size_t)s->n * s->bound, s->seen,
           s->bound * sizeof(s->seen[0]));
    s->n++;
}

/* The first run with the next base, from s->base on, that can have one. */
static bool find_base(struct hn_strategy *s)
{
    for (; s->base < s->ready; s->base++) {
        const struct base *b = &s->bases[s->base];

        s->cost = s->round - b->cost;
        s->at = b->own.at + 1;
        if (s->ends[(size_t)s->base * s->bound + s->cost - 1] >= s->at)
            return true;
    }
    return false;
}

/* What is run next; false: there is nothing left within the bound. */
static bool advance(struct hn_strategy *s)
{
    s->nth++;
    if (s->base != NONE && s->nth < s->ways)
        return true;
    s->nth = 0;
    if (s->base != NONE && s->ways &&
        s->at++ < s->ends[(size_t)s->base * s->bound + s->cost - 1])
        return true;
    for (s->base++;; s->base = 0) { /* NONE + 1 is 0 */
        if (s->base < s->ready && find_base(s))
            return true;
        if (s->round == s->bound)
            return false;
        s->round++;
        s->ready = s->n;
    }
}

/* D4: the first run again, and all that follow. */
static void begin_again(struct hn_strategy *s)
{
    s->n = s->ready = s->round = s->cost = s->nth = s->at = 0;
    s->base = NONE;
}

static bool end(struct hn_strategy *s, const struct go_execution *e)
{
    (void)e;
    if (s->more != go_control_more()) {
        begin_again(s);
        return true;
    }
    /* A run that did not come to its own choice was not told the truth: the
       scenario is not deterministic. There is nothing to be learnt. */
    if (s->base == NONE || s->ways)
        keep(s);
    return advance(s);
}

const struct hn_strategy_kind hn_delay = {
    .name = "delay",
    .about = "all schedules in which the default one is delayed up to "
             "parameter (2) times",
    .make = make,
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .number = number,
    .end = end,
};

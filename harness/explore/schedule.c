/*
 * schedule.c - deviations from the default schedule, and that schedule.
 *
 * Why deviations: they are few, a person can read and edit them, and most of
 * them still mean the same when the program has changed a little.
 */
#include "harness/explore/schedule.h"

#include "harness/explore/memory.h"

bool hn_schedule_add(struct hn_schedule *s, struct hn_deviation d)
{
    if (s->n == s->cap) {
        size_t cap = s->cap ? 2 * s->cap : 16;
        struct hn_deviation *all = hn_memory_grow(s->all, cap * sizeof(*all));

        if (!all)
            return false;
        s->all = all;
        s->cap = cap;
    }
    s->all[s->n++] = d;
    return true;
}

bool hn_schedule_copy(struct hn_schedule *to, const struct hn_schedule *from)
{
    to->n = 0;
    to->more = from->more;
    for (size_t i = 0; i < from->n; i++)
        if (!hn_schedule_add(to, from->all[i]))
            return false;
    return true;
}

void hn_schedule_free(struct hn_schedule *s)
{
    hn_memory_give(s->all);
    *s = (struct hn_schedule){0};
}

uint32_t hn_schedule_early(const struct hn_schedule *s)
{
    uint32_t early = 0;

    for (size_t i = 0; i < s->n; i++)
        early += s->all[i].task == GO_NOWHERE && !s->all[i].number;
    return early;
}

/* The first step that task takes by itself; else the first meeting in which it
   is the other one, by the path of who sends. */
static uint32_t own_step(const struct go_step *steps, uint32_t n, uint32_t task)
{
    uint32_t best = GO_NOWHERE;

    for (uint32_t i = 0; i < n; i++) {
        if (!steps[i].point)
            continue;
        if (steps[i].point->task == task)
            return i;
        if (steps[i].partner == task &&
            (best == GO_NOWHERE ||
             go_task_before(steps[i].point->task, steps[best].point->task)))
            best = i;
    }
    return best;
}

static bool is_yield(const struct go_step *step)
{
    return step->point && step->point->op == GO_OP_YIELD;
}

/* Of what is, or is no, yield: the first step of the first task, by their
   paths, behind the task after; GO_NOWHERE: behind none. */
static uint32_t first_of(const struct go_step *steps, uint32_t n, bool yields,
                         uint32_t after)
{
    uint32_t best = GO_NOWHERE;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t task = hn_schedule_task(&steps[i]);

        if (task == GO_NOWHERE || is_yield(&steps[i]) != yields ||
            (after != GO_NOWHERE && !go_task_before(after, task)))
            continue;
        if (best == GO_NOWHERE || go_task_before(task, steps[best].point->task))
            best = i;
    }
    return best;
}

/* The step of one of all tasks: the turn-th by their paths, counted round and
   round; GO_NOWHERE: there is none. */
static uint32_t in_turn(const struct go_step *steps, uint32_t n, uint32_t turn)
{
    uint32_t k = first_of(steps, n, false, GO_NOWHERE), tasks = 0;

    for (uint32_t i = k; i != GO_NOWHERE; tasks++)
        i = first_of(steps, n, false, hn_schedule_task(&steps[i]));
    for (turn = tasks ? turn % tasks : 0; turn > 0; turn--)
        k = first_of(steps, n, false, hn_schedule_task(&steps[k]));
    return k;
}

uint32_t hn_default_step(const struct hn_default *d,
                         const struct go_step *steps, uint32_t n)
{
    uint32_t k;

    if (d->taken % HN_TURN == HN_TURN - 1) {
        k = in_turn(steps, n, d->taken / HN_TURN + 1);
        if (k != GO_NOWHERE)
            return k;
    }
    if (d->row < HN_ROW) {
        k = d->last == GO_NOWHERE ? GO_NOWHERE : own_step(steps, n, d->last);
        if (k != GO_NOWHERE && !is_yield(&steps[k]))
            return k;
        k = first_of(steps, n, false, GO_NOWHERE);
        if (k != GO_NOWHERE)
            return k;
    }
    for (int yields = 0; yields < 2; yields++) {
        k = first_of(steps, n, yields, d->last);
        if (k == GO_NOWHERE)
            k = first_of(steps, n, yields, GO_NOWHERE);
        if (k != GO_NOWHERE)
            return k;
    }
    return 0; /* the clock alone */
}

struct hn_deviation hn_schedule_deviation(uint32_t at,
                                          const struct go_step *step)
{
    return (struct hn_deviation){.at = at,
                                 .task = hn_schedule_task(step),
                                 .which = step->which,
                                 .partner = step->partner,
                                 .partner_which = step->partner_which};
}

/* What d leaves out it leaves open: -1 and GO_NOWHERE go with any. */
static bool goes_with(const struct go_step *s, const struct hn_deviation *d)
{
    return hn_schedule_task(s) == d->task &&
           (d->which < 0 || s->which == d->which) &&
           (d->partner == GO_NOWHERE || s->partner == d->partner) &&
           (d->partner_which < 0 || s->partner_which == d->partner_which);
}

static bool is_exactly(const struct go_step *s, const struct hn_deviation *d)
{
    return hn_schedule_task(s) == d->task && s->which == d->which &&
           s->partner == d->partner && s->partner_which == d->partner_which;
}

/* One that has nothing that d leaves out comes first: a try that meets nobody,
   though somebody stands there. Then the first that goes with it. */
uint32_t hn_schedule_find(const struct go_step *steps, uint32_t n,
                          const struct hn_deviation *d)
{
    uint32_t found = GO_NOWHERE;

    for (uint32_t i = 0; i < n; i++) {
        if (is_exactly(&steps[i], d))
            return i;
        if (found == GO_NOWHERE && goes_with(&steps[i], d))
            found = i;
    }
    return found;
}

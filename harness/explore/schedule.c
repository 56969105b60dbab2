/*
 * schedule.c - deviations from the default schedule, and that schedule.
 *
 * Why deviations: they are few, a person can read and edit them, and most of
 * them still mean the same when the program has changed a little.
 */
#include "harness/explore/schedule.h"

#include <stdlib.h>
#include <string.h>

bool hn_schedule_add(struct hn_schedule *s, struct hn_deviation d)
{
    if (s->n == s->cap) {
        size_t cap = s->cap ? 2 * s->cap : 16;
        struct hn_deviation *all = realloc(s->all, cap * sizeof(*all));

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
    for (size_t i = 0; i < from->n; i++)
        if (!hn_schedule_add(to, from->all[i]))
            return false;
    return true;
}

void hn_schedule_free(struct hn_schedule *s)
{
    free(s->all);
    *s = (struct hn_schedule){0};
}

/* Takes part in it: a rendezvous is listed once only. */
static bool has(const struct go_step *step, uint32_t task)
{
    return step->point && (step->point->task == task || step->partner == task);
}

uint32_t hn_schedule_default(const struct go_step *steps, uint32_t n,
                             uint32_t last)
{
    for (uint32_t i = 0; i < n; i++)
        if (has(&steps[i], last))
            return i;
    return 0;
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

/*
 * What a token leaves out it leaves open: -1 and GO_NOWHERE go with the first
 * step of that task.
 */
uint32_t hn_schedule_find(const struct go_step *steps, uint32_t n,
                          const struct hn_deviation *d)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct go_step *s = &steps[i];

        if (hn_schedule_task(s) != d->task ||
            (d->which >= 0 && s->which != d->which) ||
            (d->partner != GO_NOWHERE && s->partner != d->partner) ||
            (d->partner_which >= 0 && s->partner_which != d->partner_which))
            continue;
        return i;
    }
    return GO_NOWHERE;
}

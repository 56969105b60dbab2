/*
 * schedule.h - a schedule as what it does otherwise than the default one.
 *
 * The default: whoever took the last step takes the next, too, if it can, else
 * the first task that can. A yield is passed over while there is anything
 * else, and who has had HN_ROW steps in a row lets the next one go: so loops
 * that wait for somebody come to their end. Some who take turns can keep others
 * waiting as well: each HN_TURN-th step goes to one of all in turn. Few enough
 * that whom it lets in comes within some milliseconds, though each round may
 * have made a goroutine; more than most executions have at all. Numbers are 0;
 * no timer fires early. Everything else is a deviation, at the number of the
 * choice, counted from 0.
 */
#ifndef HN_EXPLORE_SCHEDULE_H
#define HN_EXPLORE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vigil/control.h>

struct hn_deviation {
    uint32_t at;      /* which choice */
    uint32_t task;    /* whose step; GO_NOWHERE: the clock's, or a number */
    int32_t which;    /* case or waiter, -1; or the number that is drawn */
    uint32_t partner; /* GO_NOWHERE: none */
    int32_t partner_which;
    bool number;
};

struct hn_schedule {          /* zero is ready: the default one */
    struct hn_deviation *all; /* by at */
    size_t n, cap;
    uint32_t more; /* enum go_more: what at counts, from the beginning on */
};

/* False: no memory. */
bool hn_schedule_add(struct hn_schedule *s, struct hn_deviation d);
bool hn_schedule_copy(struct hn_schedule *to, const struct hn_schedule *from);
void hn_schedule_free(struct hn_schedule *s);

/* Timers that fire early. */
uint32_t hn_schedule_early(const struct hn_schedule *s);

/* What the default depends on. */
enum {
    HN_ROW = 200,
    HN_TURN = 1 << 7
};
struct hn_default {
    uint32_t last, row; /* the task of the last step, and how many in a row */
    uint32_t taken;     /* steps */
};
#define HN_DEFAULT_INIT ((struct hn_default){GO_NOWHERE, 0, 0})
/* Where the default step stands. */
uint32_t hn_default_step(const struct hn_default *d,
                         const struct go_step *steps, uint32_t n);
/* This one was taken. */
static inline void hn_default_took(struct hn_default *d,
                                   const struct go_step *step);
/* Where the deviation's step stands; GO_NOWHERE: it can not be taken now. */
uint32_t hn_schedule_find(const struct go_step *steps, uint32_t n,
                          const struct hn_deviation *d);
struct hn_deviation hn_schedule_deviation(uint32_t at,
                                          const struct go_step *step);
/* The task that a step is taken by, as the default sees it. */
static inline uint32_t hn_schedule_task(const struct go_step *step)
{
    return step->point ? step->point->task : GO_NOWHERE;
}

static inline void hn_default_took(struct hn_default *d,
                                   const struct go_step *step)
{
    uint32_t task = hn_schedule_task(step);

    d->row = task == d->last ? d->row + 1 : 1;
    d->last = task;
    d->taken++;
}

#endif

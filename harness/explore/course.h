/*
 * course.h - one execution of a search, choice by choice.
 */
#ifndef HN_EXPLORE_COURSE_H
#define HN_EXPLORE_COURSE_H

#include "harness/explore/drawn.h"
#include "harness/explore/follow.h"
#include "harness/explore/found.h"
#include "harness/explore/runaway.h"
#include "harness/explore/starve.h"
#include "harness/explore/strategy.h"
#include "harness/explore/twice.h"
#include "harness/explore/watch.h"

struct hn_course {
    const struct hn_explore_ask *ask;
    struct hn_found *to;
    struct hn_watch *watch;
    struct hn_twice twice;
    struct hn_runaway runaway;
    struct hn_starve starve; /* of fair executions */
    struct hn_follow base;   /* the prefix, then the default schedule */
    int64_t began, looked;   /* the search has; the clock was, last: real ns */
    uint32_t lingers;        /* executions that have gone on so: C2 */
    uint32_t work; /* steps on offer, and executions, since it was looked at; */
    uint32_t every; /* so many, and it is again: C3 */
    /* Of this execution: whose turn it is, and whether to try all. */
    const struct hn_strategy_kind *kind; /* NULL: the default schedule */
    struct hn_strategy *strategy;
    uint32_t idle; /* steps for nothing, up to which all are tried; 0: any */
    bool fair;
    struct hn_drawn drawn;
    bool plain;     /* each choice is the strategy's, and only noted */
    bool in_vain;   /* the strategy has given this execution up */
    bool stopped;   /* so have we: nobody else has */
    bool looped;    /* it is a loop that waits: the strategy has left it, C2 */
    uint64_t until; /* choices, where it goes on by the default: C2; else 0 */
};

/* What is done is called by control, whose arg begins with the course. */
uint32_t hn_course_choose(void *arg, const struct go_step *steps, uint32_t n);
uint32_t hn_course_number(void *arg, uint32_t task, uint32_t n);

/* An execution begins, whose choices are counted as more says. */
void hn_course_begin(struct hn_course *c, struct go_control *control,
                     uint32_t more);
/* The one that is over begins again, to be done in the same way. */
void hn_course_again(struct hn_course *c, struct go_control *control);
/* It is over, and its strategy is about to be told. */
void hn_course_end(struct hn_course *c);
/* The search begins, and its time. */
void hn_course_set_out(struct hn_course *c);
/* An execution is over: whether the search has had its time. */
bool hn_course_late(struct hn_course *c);

#endif

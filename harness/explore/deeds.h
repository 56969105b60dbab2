/*
 * deeds.h - what was done in an execution, in its order: steps, and what is
 * done besides them. Noted as it is done, for who goes through it later.
 *
 * All that is to be known of the moment is noted, but for who stands where as
 * time goes on: that has to be gone through at once.
 */
#ifndef HN_EXPLORE_DEEDS_H
#define HN_EXPLORE_DEEDS_H

#include "harness/explore/relation.h"

/* A task's line (past.h); the clock's is 0. */
static inline uint32_t hn_line(uint32_t task)
{
    return task == GO_NOWHERE ? 0 : task + 1;
}

enum hn_deed_kind {
    HN_DEED_STEP,   /* line's, and other's if they meet; else other is line */
    HN_DEED_EARLY,  /* the clock's: time goes on before it has to */
    HN_DEED_NUMBER, /* a choice that is none */
    /* No choice: */
    HN_DEED_TOUCH, /* line did something to an object */
    HN_DEED_SPAWN, /* line made other */
    HN_DEED_WAKE,  /* other goes on for line; it waited, */
    HN_DEED_OWE,   /* or stands at a point, and will not wait behind it */
    HN_DEED_TIME   /* went on, for nothing could be done */
};

struct hn_deed {
    uint32_t kind;
    uint32_t event; /* its place; or of the step that it is part of, 0: none */
    uint32_t line, other;
    uint32_t touch, ntouches; /* in touches: of a step, or what it touched */
};

struct hn_deeds { /* zero is empty */
    struct hn_deed *all;
    uint32_t n, cap;
    struct hn_touches touches;
};

void hn_deeds_free(struct hn_deeds *d);

/* Whether there is room for one more that touches HN_TOUCHES_FEW things at the
   most; there has to be, where one is added. */
static inline bool hn_deeds_fit(const struct hn_deeds *d)
{
    return d->n < d->cap && d->touches.n + HN_TOUCHES_FEW <= d->touches.cap;
}
void hn_deeds_reserve(struct hn_deeds *d);

/* A new one, with no touches. */
static inline struct hn_deed *hn_deeds_add(struct hn_deeds *d,
                                           enum hn_deed_kind kind,
                                           uint32_t event, uint32_t line,
                                           uint32_t other)
{
    struct hn_deed *deed = &d->all[d->n++];

    deed->kind = kind;
    deed->event = event;
    deed->line = line;
    deed->other = other;
    deed->touch = d->touches.n;
    deed->ntouches = 0;
    return deed;
}
/* A step; it makes more room for touches if need be. */
void hn_deeds_step(struct hn_deeds *d, const struct go_step *step,
                   uint32_t event);
/* Nothing, if it orders nothing. */
void hn_deeds_note(struct hn_deeds *d, enum go_note note, uint32_t task,
                   const void *object, uint32_t other, uint32_t event);

#endif

/*
 * relation.h - what a step touches, and which two touches of one object have
 * to be seen in both orders.
 *
 * Two steps are independent if they share no task, and no touch of the one
 * races with a touch of the other: then their order can not be told apart.
 * A touch that only follows another can never come before it (the lock after
 * the unlock): it is ordered, and there is nothing to be tried.
 */
#ifndef HN_EXPLORE_RELATION_H
#define HN_EXPLORE_RELATION_H

#include <vigil/control.h>

#include "harness/explore/room.h"

enum hn_kind {
    HN_LOCK,
    HN_TRY, /* to lock a mutex, or a rwmutex to write */
    HN_RLOCK,
    HN_TRYR,
    HN_WLOCK,  /* the writer's slot; the lock itself follows the readers */
    HN_UNLOCK, /* as a step: somebody tries */
    HN_RELEASE,
    HN_RUNLOCK,
    HN_ADDED, /* to a group that did not count 0 */
    HN_GONE,  /* freed, handed over */
    HN_ACQUIRE,
    HN_UNITS, /* released; somebody may have queued for more than one */
    HN_ADD,   /* to a group that counts 0 */
    HN_WAIT,
    HN_ONCE,
    HN_BARRIER,
    HN_COND_WAIT,
    HN_SIGNAL,
    HN_CANCEL,
    HN_ERR,
    HN_TIMER,
    HN_LOAD,
    HN_STORE,
    HN_SEND,
    HN_RECV,        /* of a value */
    HN_RECV_CLOSED, /* of none */
    HN_CLOSE,
    HN_LEN,
    HN_WANT_SEND, /* looked whether it could, among other cases or a default */
    HN_WANT_RECV,
    HN_TIME,    /* a timer fired early: races with all that comes later */
    HN_IN_TIME, /* which is this */
    HN_KINDS
};
_Static_assert(HN_KINDS <= 32, "a bit each");

/* By kind, a bit each: which earlier ones it races with, and which it merely
   follows. The first is symmetric. */
extern const uint32_t hn_races[HN_KINDS];
extern const uint32_t hn_follows[HN_KINDS];

static inline bool hn_kinds_race(uint32_t a, uint32_t b)
{
    return hn_races[a] >> b & 1;
}

struct hn_touch {
    const void *object;
    uint16_t kind; /* enum hn_kind */
    bool partners; /* the partner's, not the task's whose step it is */
    bool loose;    /* it could be done in other ways than it was: on other
                      channels, with other partners, or not */
    /* past.h: the object's number; kinds that it comes after all touches of */
    uint32_t number, covers;
    /* Sends and receives of a buffered channel pair off: it follows the
       back-th latest of the other kind; 0: none. */
    uint32_t back;
};

struct hn_touches { /* zero is empty */
    struct hn_touch *all;
    uint32_t n, cap;
};

/* Of the operations that touch their object, and no channel. */
extern const uint8_t hn_touched_by[GO_OP_COUNT];

enum {
    HN_TOUCHES_FEW =
        2 /* that there is to be room for, where something is added */
};
static inline void hn_touches_reserve(struct hn_touches *t)
{
    HN_ROOM(t->all, t->cap, t->n + HN_TOUCHES_FEW);
}

/* Adds that. By fields: those that past.h has are filled in there. */
static inline struct hn_touch *hn_touches_add(struct hn_touches *t,
                                              const void *object, uint32_t kind)
{
    struct hn_touch *touch = &t->all[t->n++];

    touch->object = object;
    touch->kind = (uint16_t)kind;
    touch->partners = touch->loose = false;
    touch->back = 0;
    return touch;
}
/* Of channels; of memory, or a timer: they make room by themselves. */
void hn_touches_of_channels(struct hn_touches *t, const struct go_step *step);
void hn_touches_of_other(struct hn_touches *t, const struct go_point *p);

static inline void hn_touches_of_object(struct hn_touches *t,
                                        const struct go_point *p)
{
    if (p->object && !p->size)
        hn_touches_add(t, p->object, hn_touched_by[p->op]);
    else
        hn_touches_of_other(t, p);
}
/* Adds what a task's step that can be done now will touch. */
static inline void hn_touches_of_step(struct hn_touches *t,
                                      const struct go_step *step)
{
    if (step->point->cases)
        hn_touches_of_channels(t, step);
    else
        hn_touches_of_object(t, step->point);
}
/* Adds what a task would touch if what it stands at were done, some time. */
void hn_touches_of_point(struct hn_touches *t, const struct go_point *p);
/* In which way a note touches its object, by enum go_note; HN_KINDS: not. */
extern const uint8_t hn_noted_as[GO_NOTES];

/* Whether the partner of a step meets it, rather than being woken by it. */
static inline bool hn_is_meeting(const struct go_step *step)
{
    return step->partner != GO_NOWHERE && step->point->cases;
}

/* Whether it will touch HN_TOUCHES_FEW at the most. */
static inline bool hn_touches_few(const struct go_step *step)
{
    const struct go_point *p = step->point;

    return p && (p->cases ? p->ncase == 1 && !p->otherwise &&
                                step->partner == GO_NOWHERE
                          : p->size <= 8);
}

#endif

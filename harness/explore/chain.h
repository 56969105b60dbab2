/*
 * chain.h - the accesses to each object, newest first (past.h has them).
 */
#ifndef HN_EXPLORE_CHAIN_H
#define HN_EXPLORE_CHAIN_H

#include "harness/explore/past.h"
#include "harness/explore/room.h"

/* Which kinds of accesses it comes after, if they come before it. */
static inline uint32_t hn_wanted(uint32_t kind)
{
    return hn_races[kind] | hn_follows[kind];
}

/* A walk along the accesses to what is touched. */
struct hn_chain_walk {
    const struct hn_touch *touch;
    uint32_t arrival; /* the clock of who touches, as it came */
    /* Of the event, the newest one; or arrival's: then there will be one if
       something is to be in it that is not. */
    uint32_t clock;
    uint32_t line; /* for whom races are noted */
};
/* Adds the races to p->races; what is followed, to the clock. */
void hn_chain_walk(struct hn_past *p, struct hn_chain_walk *w, uint32_t object);

/* A new access, for who asks to fill in the rest: of which event, its clock,
   and what it covers. */
static inline struct hn_access *hn_chain_add(struct hn_past *p, uint32_t object,
                                             uint32_t kind, bool noted)
{
    struct hn_object *o = &p->objects.all[object];
    uint32_t before = o->newest;
    struct hn_access *a;

    HN_ROOM(p->accesses, p->accesses_cap, p->naccesses + 1);
    a = &p->accesses[p->naccesses++];
    a->object = object;
    a->kind = (uint16_t)kind;
    a->noted = noted;
    a->before = before;
    a->step_before = before && p->accesses[before - 1].noted
                         ? p->accesses[before - 1].step_before
                         : before;
    o->newest = p->naccesses;
    o->kinds |= 1u << kind;
    return a;
}

/* Whether what is touched so comes after other if event from had not been. */
bool hn_chain_needs(struct hn_past *p, const struct hn_touch *t,
                    struct hn_race other, struct hn_race from);

#endif

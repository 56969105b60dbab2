/*
 * chain.h - the accesses to each object, newest first (past.h has them).
 */
#ifndef HN_EXPLORE_CHAIN_H
#define HN_EXPLORE_CHAIN_H

#include "harness/explore/past.h"

/* Which kinds of accesses it comes after, if they come before it. */
static inline uint32_t hn_wanted(uint32_t kind)
{
    return hn_races[kind] | hn_follows[kind];
}

/* A walk along the accesses to what is touched. */
struct hn_chain_walk {
    const struct hn_touch *touch;
    uint32_t arrival; /* the clock of who touches, as it came */
    uint32_t clock;   /* of the event: the newest one */
    uint32_t line;    /* for whom races are noted */
};
/* Adds the races to p->races; what is followed, to the clock. */
void hn_chain_walk(struct hn_past *p, const struct hn_chain_walk *w,
                   uint32_t object);
/* A new access, for who asks to fill in the rest: of which event, its clock,
   and what it covers. */
struct hn_access *hn_chain_add(struct hn_past *p, uint32_t object,
                               uint32_t kind, bool noted);
/* Whether what is touched so comes after other if event from had not been. */
bool hn_chain_needs(struct hn_past *p, const struct hn_touch *t,
                    struct hn_race other, struct hn_race from);

#endif

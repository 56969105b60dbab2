/*
 * sight.h - what a scan of memory saw, as plain data: so it may have been made
 * in another process, and tests make it up.
 *
 * Objects and goroutines are indices in one snapshot; wants are sets of
 * MON_WANT (reduce.h): what can be done with the object.
 */
#ifndef MON_SIGHT_H
#define MON_SIGHT_H

#include "runtime/monitor/reduce.h"

/* A source that lives reached an object that nobody had reached so before. */
struct mon_seen {
    uint32_t source; /* goroutine, MON_OUTSIDE or MON_GLOBALS */
    uint32_t object;
    uint32_t wants;
};

/* A stuck goroutine that has an object, or a global that nobody alive uses. */
struct mon_holder {
    uint32_t object;
    uint32_t goroutine; /* or MON_GLOBALS */
    uint32_t wants;
    bool maybe; /* it points into a stack that leads there, nobody knows to
                   what on it */
};

struct mon_sight {
    const struct mon_seen *seen; /* in the order in which they came to life */
    uint32_t nseen;
    const struct mon_holder *holders; /* by object, then by id */
    uint32_t nholder;
    bool all_holders; /* nobody else has any object of the stuck, */
    bool maybes_cut;  /* but those who may, who were too many to ask of all */
    bool doubt;       /* not all memory was read: nothing is proven by this */
};

/* Tells a reduction of the same snapshot what was seen. */
struct mon_replay {
    const struct mon_sight *sight;
    uint32_t next;
};
struct mon_reach mon_sight_reach(struct mon_replay *replay,
                                 const struct mon_sight *sight);
/* After it: throws if anything that was seen was not asked for. */
void mon_sight_told(const struct mon_replay *replay);

/* The holders of an object: [*first, *end). sight may be NULL: none. */
void mon_sight_holders(const struct mon_sight *sight, uint32_t object,
                       const struct mon_holder **first,
                       const struct mon_holder **end);

#endif

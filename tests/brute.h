/*
 * brute.h - small random worlds, and which goroutines in them are stuck, by
 * brute force.
 *
 * The judge never follows an edge: it takes the definition. A set of waiting
 * goroutines is stuck when none of them could move though all others did
 * what they can; the judge tries every subset, and the union of those that
 * are stuck is the answer. To judge the judge: with any one rule dropped it
 * must disagree somewhere in the same corpus.
 */
#ifndef TESTS_BRUTE_H
#define TESTS_BRUTE_H

#include "runtime/base/rng.h"
#include "tests/made.h"

enum {
    BRUTE_MAX_G = 6,
    BRUTE_MAX_O = 5
};

enum rule {
    RULE_NONE,
    RULE_TIMER,       /* armed objects and deadlines wake */
    RULE_ABANDONED,   /* a lock left locked never opens */
    RULE_ALL_READERS, /* a writer needs all of them, not any */
    RULE_ALL_MEMBERS, /* a group's waiter too */
    RULE_PENDING,     /* a pending writer keeps readers out */
    RULE_SELECT,      /* any case will do */
    RULE_SYSTEM,      /* the runtime's own are no life */
    RULE_CLOSED,
    RULE_REACH,   /* only who reaches a channel may use it */
    RULE_WANT,    /* a receiver's handle does not receive for a receiver */
    RULE_ROOTS,   /* timers that call, foreign threads */
    RULE_GLOBALS, /* what whoever lives can name */
    RULE_OUTSIDE, /* what needs nobody's help */
    RULE_PROVEN,  /* what was stuck once stays so */
    RULE_FREE,    /* a lock that nobody holds is on its way */
    RULE_COUNT
};

/* A random world: the snapshot, and who reaches which half of what. */
struct brute {
    struct made m;
    uint8_t reach[BRUTE_MAX_G]
                 [BRUTE_MAX_O];   /* bit 0: all but receive; bit 1: receive */
    uint8_t root[BRUTE_MAX_O];    /* the same of globals, */
    uint8_t outside[BRUTE_MAX_O]; /* and of what needs nobody */
    bool matrix;                  /* these hold; else all reach everything */
    enum rule dropped;
};

/* The world of this seed. Free its m.arena. */
void brute_world(struct brute *w, uint64_t seed);
/* The stuck goroutines, a bit each. */
unsigned brute_judge(const struct brute *w);

#endif

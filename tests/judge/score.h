/*
 * score.h - judges what looks at a played world have proven, and adds up.
 */
#ifndef TESTS_JUDGE_SCORE_H
#define TESTS_JUDGE_SCORE_H

#include "tests/judge/play.h"

/* Why somebody who is stuck was not proven to be, as far as the plan tells. */
enum miss {
    MISS_WAITS, /* a live one has on its stack what it waits on, or sends */
    MISS_HELD,  /* ... or a lock that it owns */
    MISS_STACK, /* somebody points into a stack, and all of it counts */
    MISS_FREED, /* a pointer to a freed block, whose place is in use again */
    MISS_HEAP,  /* none of these, but all would be explained if somebody had
                   all of the heap: an old word; or its blocks are not known */
    MISS_BOTH,  /* several of these together */
    MISS_STALE, /* none of these: an old word somewhere */
    MISS_COUNT
};
const char *miss_text(enum miss m);

struct score {
    uint64_t programs, waiting; /* actors that wait */
    uint64_t stuck, proven;     /* of those: in truth; and by a look */
    uint64_t missed[MISS_COUNT];
    uint64_t programs_false; /* with a false proof: there must be none */
    uint64_t actors_false;
    uint64_t broken;   /* did not come to their end, panicked */
    uint64_t resumed;  /* proven, but ran again; or no more proven */
    uint64_t mistaken; /* stuck by the plan, but ran again: the model's fault */
    uint64_t ran_again, could_run; /* of who is not stuck, where it was tried */
    uint64_t stuck_programs;       /* with somebody stuck */
};

/* Told in a line of what must not be. */
typedef void score_fault(const char *why);
/* Plays the worlds of WORLDS seeds, of which the first is a multiple of that,
   and adds them up. */
void score_all(struct score *s, uint64_t seed, unsigned loss,
               score_fault *fault);
void score_add(struct score *to, const struct score *s);

#endif

/*
 * actor.h - the goroutines of a planned world, which go from step to step
 * together.
 */
#ifndef TESTS_JUDGE_ACTOR_H
#define TESTS_JUDGE_ACTOR_H

#include "tests/judge/real.h"

enum step {
    STEP_BEGIN,
    STEP_TAKE, /* what one holds, and one's locks */
    STEP_DO,
    STEP_COMPUTE /* who does: it keeps its worker, and what is queued there */
};

/* Of all worlds that are played together. */
struct actors {
    uint32_t step;    /* [atomic] enum step, which may be begun */
    uint32_t arrived; /* [atomic] how often anybody was at the end of one */
    uint32_t stop;    /* [atomic] who computes is to end it */
    bool threads;     /* [init] there is more than one worker */
};
extern struct actors actors;
enum step actors_step(void);

/* What a goroutine is given to be actor i of a world. */
static inline uintptr_t actor_role(const struct real *real, unsigned i)
{
    return (uintptr_t)(real - reals) * MAX_ACTOR + i;
}
void actor(uintptr_t role);

bool actor_computes(struct real *real, unsigned i);
/*
 * Nobody steals from a worker that computes while all others have somebody who
 * yields. So who must go on is not queued behind one who computes, and who
 * computes has a worker by then: a call gives it up, and takes any.
 */
void actor_leaves_worker(void);

#endif

/*
 * real.h - the things of a world that is being played: made, and found again.
 *
 * No word that names any of them lies in this table: all are hidden (hands.h),
 * so that what the plan says is held is held, and nothing else.
 */
#ifndef TESTS_JUDGE_REAL_H
#define TESTS_JUDGE_REAL_H

#include <semaphore.h>
#include <vigil/go.h>

#include "tests/judge/hands.h"
#include "tests/judge/truth.h"

struct node {
    union {
        struct go_waitgroup group;
        struct go_semaphore semaphore;
        struct go_cond cond;
        struct go_barrier barrier;
        struct go_mutex mutex;
    } sync;
    volatile uintptr_t word[NODE_WORDS];
};

struct real {
    const struct world *w;
    unsigned loss;
    uintptr_t chan[MAX_CHAN], node[MAX_NODE], context[MAX_CONTEXT],
        timer[MAX_TIMER]; /* hidden; a node's: where its block begins */
    uintptr_t saved[MAX_ACTOR][REGISTERS], one[MAX_ACTOR]; /* hidden: what an
                                        actor is to keep in registers */
    uint32_t ready[MAX_ACTOR]; /* [atomic] does what it is to do */
    uint32_t over[MAX_ACTOR];  /* [atomic] has done it */
    uint32_t woke;             /* [atomic] bits of those that were to wait */
    uint32_t used[ITEM_COUNT]; /* [atomic] things that may be used once */
    uint64_t id[MAX_ACTOR];
    sem_t block[MAX_ACTOR];
};
extern struct real reals[WORLDS]; /* of this run */

/* Writes the word that ref stands for, or 0 when that is lost: as it is, or
   hidden. Leaves no copy. */
void real_put(const struct real *real, volatile uintptr_t *to,
              const struct ref *ref);
void real_put_hidden(const struct real *real, uintptr_t *to,
                     const struct ref *ref);
/* All words of the plan that belong into that place of that owner. */
void real_put_all(const struct real *real, volatile uintptr_t *slots,
                  enum place place, unsigned owner);

/* In this order; then the stacks of the actors must be there. Each on a stack
   that nobody scans afterwards. */
void real_make_nodes(struct real *real);
void real_make_rest(struct real *real);
/* After the run. */
void real_free(struct real *real);

static inline struct go_chan *real_chan(const struct real *real, unsigned i)
{
    return (struct go_chan *)hide(real->chan[i]);
}
static inline struct go_context *real_context(const struct real *real,
                                              unsigned i)
{
    return (struct go_context *)hide(real->context[i]);
}
static inline struct go_timer *real_timer(const struct real *real, unsigned i)
{
    return (struct go_timer *)hide(real->timer[i]);
}
static inline struct node *real_node(const struct real *real, unsigned i)
{
    return (struct node *)(hide(real->node[i]) + real->w->node[i].pad);
}

#endif

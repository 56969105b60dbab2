/*
 * real.h - the things of a world that is being played: made, and found again.
 *
 * No word that names any of them lies in this table: all are hidden (hands.h),
 * so that what the plan says is held is held, and nothing else.
 */
#ifndef TESTS_JUDGE_REAL_H
#define TESTS_JUDGE_REAL_H

#include <vigil/go.h>

#include "tests/judge/hands.h"
#include "tests/judge/world.h"

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
};
extern struct real real;

/* Writes the word that ref stands for, or 0 when that is lost: as it is, or
   hidden. Leaves no copy. */
void real_put(volatile uintptr_t *to, const struct ref *ref);
void real_put_hidden(uintptr_t *to, const struct ref *ref);
/* All words of the plan that belong into that place of that owner. */
void real_put_all(volatile uintptr_t *slots, enum place place, unsigned owner);

/* In this order; then the stacks of the actors must be there. Each on a stack
   that nobody scans afterwards. */
void real_make_nodes(void);
void real_make_rest(void);
/* After the run. */
void real_free(void);

static inline struct go_chan *real_chan(unsigned i)
{
    return (struct go_chan *)hide(real.chan[i]);
}
static inline struct go_context *real_context(unsigned i)
{
    return (struct go_context *)hide(real.context[i]);
}
static inline struct go_timer *real_timer(unsigned i)
{
    return (struct go_timer *)hide(real.timer[i]);
}
static inline struct node *real_node(unsigned i)
{
    return (struct node *)(hide(real.node[i]) + real.w->node[i].pad);
}

#endif

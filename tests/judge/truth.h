/*
 * truth.h - who in a planned world is stuck, by brute force.
 *
 * The definition, and no more: a set of waiting actors is stuck when none of
 * them could be woken though all others did all they can with what they can
 * reach. Every subset is tried; the union of those that are stuck is the
 * answer, a set of bits, one an actor.
 */
#ifndef TESTS_JUDGE_TRUTH_H
#define TESTS_JUDGE_TRUTH_H

#include "tests/judge/world.h"

/*
 * What a scan of bare words cannot help taking for held, though no line of the
 * program will use it. Not for the truth, but to explain why a stuck one was
 * not proven.
 */
enum {
    BELIEF_NONE = 0,
    BELIEF_WAITS = 1, /* who waits on something, or sends it, has it */
    BELIEF_STACK = 2, /* a pointer to a part of a stack is one to all of it */
    BELIEF_FREED = 4, /* who points to a freed block has what was in it: the
                         place may be in use again */
    BELIEF_HEAP = 8,  /* whatever is on the heap is reached */
    BELIEF_HELD = 16, /* who lives has the locks, groups that it owns */
};

unsigned truth(const struct world *w, unsigned beliefs);

/*
 * A step of a closure: what somebody can use who has this, as bits of items
 * (truth_actor: what it has by itself). For those who play it.
 */
uint64_t truth_roots(const struct world *w, unsigned beliefs);
uint64_t truth_actor(const struct world *w, unsigned actor, unsigned beliefs);
uint64_t truth_closure(const struct world *w, uint64_t items, unsigned beliefs);

/* Items: what can be used, and how. */
enum {
    ITEM_SEND = 0,                         /* + channel */
    ITEM_RECV = ITEM_SEND + MAX_CHAN,      /* + channel */
    ITEM_NODE = ITEM_RECV + MAX_CHAN,      /* + node */
    ITEM_CANCEL = ITEM_NODE + MAX_NODE,    /* + context */
    ITEM_READ = ITEM_CANCEL + MAX_CONTEXT, /* + context */
    ITEM_TIMER = ITEM_READ + MAX_CONTEXT,  /* + timer */
    ITEM_COUNT = ITEM_TIMER + MAX_TIMER
};
_Static_assert(ITEM_COUNT <= 64, "items are bits of one word");

#endif

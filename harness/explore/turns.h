/*
 * turns.h - which strategy has the next execution of a search.
 */
#ifndef HN_EXPLORE_TURNS_H
#define HN_EXPLORE_TURNS_H

#include "harness/explore/explore.h"
#include "harness/explore/strategy.h"

/* One strategy's share of a round. */
struct hn_share {
    const struct hn_strategy_kind *kind; /* NULL: the default schedule */
    uint32_t parameter;
    uint64_t count;
};

enum {
    HN_SHARES_MAX = 9
};

struct hn_turns {
    const struct hn_explore_ask *ask;
    struct hn_share round[HN_SHARES_MAX];
    struct hn_strategy *made[HN_SHARES_MAX]; /* of round[], once they were
                                                used */
    uint32_t shares, share;                  /* how many; whose turn it is */
    uint64_t left;                           /* executions of this turn */
    uint32_t rounds, tastes;
    uint64_t all, slice; /* executions of who tries all: yet, and at once */
    bool portfolio;      /* there are several */
    bool random;         /* none of them is to try all, or has more to try */
    const char *refused; /* for want of memory, NULL: none was */
};

/* The first turn. tries_all: some strategy may. False: there is no memory. */
bool hn_turns_begin(struct hn_turns *t, const struct hn_explore_ask *ask,
                    bool tries_all);
void hn_turns_end(struct hn_turns *t);

/* Whose turn it is; NULL: the default schedule's. */
static inline const struct hn_strategy_kind *
hn_turns_kind(const struct hn_turns *t)
{
    return t->round[t->share].kind;
}
static inline struct hn_strategy *hn_turns_strategy(const struct hn_turns *t)
{
    return t->made[t->share];
}

/* An execution is over; more: its strategy has another one. rest: executions
   that there may be. False: nobody has. */
bool hn_turns_next(struct hn_turns *t, bool more, uint64_t rest);
/* Whether timers may be early in the next one; done: all was tried without. */
bool hn_turns_racy(const struct hn_turns *t, bool done);
/* From here on nobody is to try all. */
void hn_turns_random(struct hn_turns *t);

#endif

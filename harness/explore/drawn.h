/*
 * drawn.h - choices that a strategy leaves to the runtime (struct go_draw):
 * what is drawn, or known, and how many that were.
 */
#ifndef HN_EXPLORE_DRAWN_H
#define HN_EXPLORE_DRAWN_H

#include "harness/explore/record.h"
#include "harness/explore/strategy.h"

enum {
    HN_DRAWN_MAX = 1 << 12 /* in a row */
};

struct hn_drawn {
    struct go_draw draw;
    const struct hn_strategy_kind *kind; /* who is told of what was known */
    struct hn_strategy *strategy;
    uint32_t left; /* draw.left, when it was seen last */
    bool is;       /* any are */
};

/* An execution begins, of a strategy (NULL: of none) that has begun it; none of
   its choices was made. told: it hears of what is done, and so draws none. */
static inline void hn_drawn_begin(struct hn_drawn *d,
                                  const struct hn_strategy_kind *kind,
                                  struct hn_strategy *strategy, bool told,
                                  uint64_t ops, struct hn_record *to)
{
    struct go_draw *draw = &d->draw;

    d->kind = kind;
    d->strategy = strategy;
    draw->nknown = 0;
    draw->known =
        kind && kind->knows ? kind->knows(strategy, &draw->nknown) : NULL;
    draw->state = kind && kind->draws && !told ? kind->draws(strategy) : NULL;
    draw->ops = ops;
    draw->done = 0;
    draw->left = d->left = 0;
    draw->n = &to->n;
    draw->choice = to->k;
    d->is = draw->known || draw->state;
}

/* For struct go_control. */
static inline struct go_draw *hn_drawn_control(struct hn_drawn *d)
{
    return d->is ? &d->draw : NULL;
}

/* So many may be, as far as is known by now. */
static inline uint32_t hn_drawn_left(const struct hn_drawn *d)
{
    uint32_t done = *d->draw.n, known = d->draw.nknown;

    if (!d->draw.known)
        return d->is ? HN_DRAWN_MAX : 0;
    known = done < known ? known - done : 0;
    return known < HN_DRAWN_MAX ? known : HN_DRAWN_MAX;
}

/* So many from here on, at the most; 0: somebody has to see every step. */
static inline void hn_drawn_allow(struct hn_drawn *d, uint32_t most)
{
    uint32_t left = most ? hn_drawn_left(d) : 0;

    d->draw.left = d->left = most < left ? most : left;
}

/* Whether any were since. */
static inline bool hn_drawn_any(const struct hn_drawn *d)
{
    return d->left != d->draw.left;
}

/* How many; of which operations. */
static inline uint32_t hn_drawn_count(struct hn_drawn *d, uint64_t *ops)
{
    uint32_t n = d->left - d->draw.left;

    *ops = d->draw.done;
    d->left = d->draw.left;
    d->draw.done = 0;
    if (n && d->draw.known)
        d->kind->did(d->strategy, n);
    return n;
}

#endif

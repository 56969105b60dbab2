/*
 * drawn.h - choices that a strategy leaves to the runtime (struct go_draw):
 * what is drawn, and how many that were.
 */
#ifndef HN_EXPLORE_DRAWN_H
#define HN_EXPLORE_DRAWN_H

#include "harness/explore/record.h"

enum {
    HN_DRAWN_MAX = 1 << 12 /* in a row */
};

struct hn_drawn {
    struct go_draw draw;
    uint32_t left; /* draw.left, when it was seen last */
};

/* An execution begins. state: of a strategy that draws; NULL: none are. */
static inline void hn_drawn_begin(struct hn_drawn *d, uint64_t *state,
                                  uint64_t ops, struct hn_record *to)
{
    d->draw = (struct go_draw){
        .state = state, .ops = ops, .n = &to->n, .choice = to->k};
    d->left = 0;
}

/* For struct go_control. */
static inline struct go_draw *hn_drawn_control(struct hn_drawn *d)
{
    return d->draw.state ? &d->draw : NULL;
}

/* From here on; or not, for somebody has to see every step. */
static inline void hn_drawn_allow(struct hn_drawn *d, bool may)
{
    d->draw.left = d->left = may ? HN_DRAWN_MAX : 0;
}

/* How many were since; of which operations. */
static inline uint32_t hn_drawn_count(struct hn_drawn *d, uint64_t *ops)
{
    uint32_t n = d->left - d->draw.left;

    *ops = d->draw.done;
    d->left = d->draw.left;
    d->draw.done = 0;
    return n;
}

#endif

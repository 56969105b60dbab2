/*
 * period.h - where an execution that goes round for ever does so for the first
 * time, whenever that was seen.
 */
#ifndef HN_EXPLORE_PERIOD_H
#define HN_EXPLORE_PERIOD_H

#include <stdint.h>

enum {
    HN_PERIOD_ROOM = 1 << 11 /* choices; a power of two */
};

struct hn_period { /* zero is ready */
    uint32_t n;    /* choices so far */
    struct {
        uint64_t what; /* equal: the same choice */
        uint64_t hash; /* of all up to it, it included */
    } last[HN_PERIOD_ROOM];
};

static inline void hn_period_begin(struct hn_period *p)
{
    p->n = 0;
}
static inline void hn_period_add(struct hn_period *p, uint64_t what,
                                 uint64_t hash)
{
    p->last[p->n % HN_PERIOD_ROOM].what = what;
    p->last[p->n++ % HN_PERIOD_ROOM].hash = hash;
}
/* The last `length` choices repeat for ever: the hash of all to where the
   shortest such round is over for the first time. 0: of none, or of more than
   there is room for. */
uint64_t hn_period_hash(const struct hn_period *p, uint32_t length);

#endif

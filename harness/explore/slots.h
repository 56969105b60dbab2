/*
 * slots.h - a number for each task, 0 at first (walk.h has the places).
 *
 * A strategy must not fail in the middle of an execution: when there is no
 * memory for more, the tasks that find no place share one.
 */
#ifndef HN_EXPLORE_SLOTS_H
#define HN_EXPLORE_SLOTS_H

#include <stdint.h>
#include <string.h>

struct hn_slots { /* zero is ready */
    uint64_t *of;
    uint32_t n, cap; /* n: in use since the last clear */
    uint64_t shared;
};

/* A place beyond cap. */
uint64_t *hn_slots_grow(struct hn_slots *s, uint32_t slot);
void hn_slots_free(struct hn_slots *s);

static inline uint64_t *hn_slots_at(struct hn_slots *s, uint32_t slot)
{
    if (__builtin_expect(slot >= s->cap, 0))
        return hn_slots_grow(s, slot);
    if (s->n <= slot)
        s->n = slot + 1;
    return &s->of[slot];
}

/* All are 0 again. */
static inline void hn_slots_clear(struct hn_slots *s)
{
    if (s->n)
        memset(s->of, 0, s->n * sizeof(*s->of));
    s->n = 0;
    s->shared = 0;
}

#endif

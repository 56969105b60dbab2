/* slots.c - more room for the numbers of tasks. */
#include "harness/explore/slots.h"

#include "harness/explore/memory.h"

uint64_t *hn_slots_grow(struct hn_slots *s, uint32_t slot)
{
    uint32_t cap = s->cap ? s->cap : 16;
    uint64_t *of;

    while (cap <= slot)
        cap *= 2;
    of = hn_memory_grow(s->of, cap * sizeof(*of));
    if (!of)
        return &s->shared;
    memset(of + s->cap, 0, (cap - s->cap) * sizeof(*of));
    s->of = of;
    s->cap = cap;
    s->n = slot + 1;
    return &of[slot];
}

void hn_slots_free(struct hn_slots *s)
{
    hn_memory_give(s->of);
    *s = (struct hn_slots){0};
}

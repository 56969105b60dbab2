/*
 * stackmap.h - where stacks lie: one reserved map cut into slots.
 *
 * A slot is, from below: a guard page, the stack, the g. Its stride is an odd
 * number of pages: at a power of two all stacks would share their cache sets
 * (the prime sieve takes 88 instead of 64 ms so). Which slots are in use is
 * stack.c's, the only one who asks for anything here.
 */
#ifndef RT_SCHED_STACKMAP_H
#define RT_SCHED_STACKMAP_H

#include <stddef.h>

#include "runtime/sched/m.h"

struct rt_stackmap {
    char *base;        /* [init] NULL: there is none */
    size_t stride;     /* [init] bytes of a slot */
    size_t size;       /* [init] usable of it */
    size_t page;       /* [init] */
    size_t grain;      /* [init] slots begin at multiples of it: M2 */
    bool plain;        /* [init] nobody checks whether it was written */
    uint32_t slots;    /* [init] how many fit */
    uint32_t protects; /* [atomic] guards made by mprotect */
    uint32_t dumped;   /* [atomic] slots that a core has: M3 */
};
extern struct rt_stackmap rt_stacks RT_HIDDEN;

/* 0 or -errno; size: of a stack, in bytes. */
int rt_stackmap_open(size_t size);
void rt_stackmap_close(void);

/* Memory for the tops of n slots, 1 to RT_ADVISE_MAX, which a goroutine touches
   first; fresh: nobody ever had them, and they get their guards. */
void rt_stackmap_give(const uint32_t *slots, uint32_t n, bool fresh);
/* Takes the memory of n slots back, 0 to RT_ADVISE_MAX: they read as zero. */
void rt_stackmap_take(const uint32_t *slots, uint32_t n);

/* Memory for other things, lazily touched too; NULL: there is none. */
void *rt_stackmap_reserve(size_t bytes);

/* What a g takes at the end of its slot: whole lines of the cache; and never
   whole pages, see rt_guard. */
#define RT_SLOT_G ((sizeof(struct g) + 63) & ~(size_t)63)
_Static_assert(RT_SLOT_G % 4096 != 0, "a g begins where a page does");

/* Where its guard is. */
static inline char *rt_slot_low(uint32_t slot)
{
    return rt_stacks.base + (size_t)slot * rt_stacks.stride;
}

static inline struct g *rt_slot_g(uint32_t slot)
{
    return (struct g *)(rt_slot_low(slot + 1) - RT_SLOT_G);
}

#endif

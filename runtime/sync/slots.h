/*
 * slots.h - equal things in one reserved map: what contexts and timers of the
 * program lie in.
 *
 * Any word can be asked whether it points into one, and each has a number, so
 * a marker can remember which it has seen. A slot that was given back keeps
 * its words but for its link, until it is used anew: the longest free first.
 *
 * Lock: rank RT_RANK_NAME, nothing is taken under it. take and give between
 * rt_enter and rt_leave, and in the scheduler.
 */
#ifndef RT_SYNC_SLOTS_H
#define RT_SYNC_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rt_slots {
    size_t size;   /* [init] of a slot, a multiple of 16 */
    size_t link;   /* [init] where in a slot a pointer is the pool's while it is
                    free */
    uint32_t lock; /* rank RT_RANK_NAME */
    uint32_t used; /* [atomic] slots that were ever taken */
    char *base;    /* [atomic] NULL: nothing is reserved yet */
    size_t reserved, open; /* [lock] bytes */
    void *first, *last;    /* [lock] given back, longest first */
};

/* A pool of struct type, whose field next is its link. */
#define RT_SLOTS(type, next)                                                   \
    {                                                                          \
        .size = (sizeof(type) + 15) & ~(size_t)15,                             \
        .link = offsetof(type, next)                                           \
    }

/* Zeroed; NULL: no memory. */
void *rt_slots_take(struct rt_slots *s);
void rt_slots_give(struct rt_slots *s, void *slot);
/* At the end of a run: all are untouched again. */
void rt_slots_reset(struct rt_slots *s);

/* The next ones any thread may call at any time. */

/* The slot that address lies in, taken or given back; NULL: none. */
void *rt_slots_at(const struct rt_slots *s, const void *address);
/* Where the map lies: the program's own memory is elsewhere. Empty: none. */
void rt_slots_map(const struct rt_slots *s, uintptr_t *low, uintptr_t *high);
/* By number, from 0 to rt_slots_used(). */
void *rt_slots_get(const struct rt_slots *s, uint32_t i);
uint32_t rt_slots_used(const struct rt_slots *s);
uint32_t rt_slots_number(const struct rt_slots *s, const void *slot);

#endif

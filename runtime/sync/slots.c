/*
 * slots.c - equal things in one reserved map.
 *
 * In: context.c and timerpool.c take and give. Out: a marker asks what a word
 * points to (refer.c).
 *
 * Method: addresses are reserved once and opened a step at a time; so one
 * subtraction tells whether a word points in here, and to which slot. The map
 * stays when a run ends, its pages go, or are cleared where the kernel does not
 * take them back: a stale pointer finds zeros.
 *
 * S1  Slot i lies at base + i * size; i < used.
 * S2  used * size <= open <= reserved.
 */
#include "runtime/sync/slots.h"

#include <string.h>
#include <sys/mman.h>

#include "runtime/base/lock.h"
#include "runtime/base/own.h"
#include "runtime/base/reserve.h"
#include "runtime/base/throw.h"

enum {
#ifdef VIGIL_DEBUG
    STEP = 4096, /* bytes opened at a time */
#else
    STEP = 64 << 10,
#endif
};
static const size_t RESERVE_MOST = (size_t)8 << 30;
static const size_t RESERVE_LEAST = (size_t)1 << 20;

/* Addresses only; fewer of them when the process may not have so many. */
static bool reserve_locked(struct rt_slots *s)
{
    size_t size = rt_reserve_size(RESERVE_MOST, RESERVE_LEAST, PROT_NONE);
    char *base = rt_reserve(size, PROT_NONE);

    if (!base)
        return false;
    /* The end of what is mapped before must not be a slot. */
    s->reserved = size - STEP;
    rt_own_add(base, size);
    __atomic_store_n(&s->base, base + STEP, __ATOMIC_RELEASE);
    return true;
}

/* The next slot that was never used; NULL: no memory. */
static void *fresh_locked(struct rt_slots *s)
{
    size_t at = s->used * s->size;

    rt_assert_held(&s->lock);
    rt_check(s->size % 16 == 0 && at <= s->open, "slots: S2");
    if (!s->base && !reserve_locked(s))
        return NULL;
    if (at + s->size > s->open) {
        if (s->open + STEP > s->reserved ||
            !rt_reserve_open(s->base + s->open, STEP))
            return NULL;
        s->open += STEP;
    }
    __atomic_store_n(&s->used, s->used + 1, __ATOMIC_RELEASE);
    return s->base + at;
}

static void **link_of(const struct rt_slots *s, void *slot)
{
    return (void **)(void *)((char *)slot + s->link);
}

void *rt_slots_take(struct rt_slots *s)
{
    void *slot;

    rt_lock(&s->lock, RT_RANK_NAME);
    slot = s->first;
    if (slot) {
        s->first = *link_of(s, slot);
        if (!s->first)
            s->last = NULL;
        memset(slot, 0, s->size);
    } else {
        slot = fresh_locked(s);
    }
    rt_unlock(&s->lock);
    return slot;
}

void rt_slots_give(struct rt_slots *s, void *slot)
{
    rt_check(rt_slots_at(s, slot) == slot, "slots: S1: not a slot of these");
    rt_lock(&s->lock, RT_RANK_NAME);
    *link_of(s, slot) = NULL;
    if (s->last)
        *link_of(s, s->last) = slot;
    else
        s->first = slot;
    s->last = slot;
    rt_unlock(&s->lock);
}

void rt_slots_reset(struct rt_slots *s)
{
    if (!s->used)
        return;
    if (madvise(s->base, s->open, MADV_DONTNEED)) /* a filter may refuse it */
        memset(s->base, 0, s->used * s->size);
    s->first = s->last = NULL;
    __atomic_store_n(&s->used, 0, __ATOMIC_RELEASE);
}

uint32_t rt_slots_used(const struct rt_slots *s)
{
    return __atomic_load_n(&s->used, __ATOMIC_ACQUIRE);
}

void *rt_slots_get(const struct rt_slots *s, uint32_t i)
{
    rt_check(i < rt_slots_used(s), "slots: S1: no such number");
    return __atomic_load_n(&s->base, __ATOMIC_ACQUIRE) + i * s->size;
}

static uintptr_t offset_of(const struct rt_slots *s, const void *address)
{
    const char *base = __atomic_load_n(&s->base, __ATOMIC_ACQUIRE);

    return base ? (uintptr_t)address - (uintptr_t)base : UINTPTR_MAX;
}

void rt_slots_map(const struct rt_slots *s, uintptr_t *low, uintptr_t *high)
{
    const char *base = __atomic_load_n(&s->base, __ATOMIC_ACQUIRE);

    *low = (uintptr_t)base;
    *high = base ? (uintptr_t)base + s->reserved : 0;
}

void *rt_slots_at(const struct rt_slots *s, const void *address)
{
    uintptr_t at = offset_of(s, address);

    if (rt_likely(at >= rt_slots_used(s) * s->size)) /* most words do not */
        return NULL;
    return rt_slots_get(s, (uint32_t)(at / s->size));
}

uint32_t rt_slots_number(const struct rt_slots *s, const void *slot)
{
    rt_assert(rt_slots_at(s, slot), "slots: S1: not a slot of these");
    return (uint32_t)(offset_of(s, slot) / s->size);
}

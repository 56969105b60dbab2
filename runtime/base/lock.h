/*
 * lock.h - the runtime's own lock: 4 bytes, short sections, no owner.
 *
 * Spins with exponential back-off (a flat spin costs four times as much under
 * contention, measured), then sleeps in a futex: with more workers than
 * processors its holder may be off the processor.
 *
 * rt_lock is skipped while the run is solo: one worker, and nobody else has
 * come in. Then whoever runs runtime code is alone, and atomics would only
 * cost. What other threads touch in any case takes rt_lock_always. The solo
 * flag changes only while the world is stopped, which no section outlives.
 *
 * Never held across a switch, except by rt_park, which hands it over.
 */
#ifndef RT_BASE_LOCK_H
#define RT_BASE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/cpu.h"
#include "runtime/base/lockrank.h"
#include "runtime/base/throw.h"

extern bool rt_solo RT_HIDDEN; /* [world stopped] */

void rt_lock_slow(uint32_t *l);
void rt_unlock_slow(uint32_t *l);
#ifdef VIGIL_DEBUG
void rt_rank_enter(const uint32_t *l, enum rt_rank rank);
void rt_rank_leave(const uint32_t *l);
bool rt_rank_holds(const uint32_t *l);
#else
static inline void rt_rank_enter(const uint32_t *l, enum rt_rank rank)
{
    (void)l;
    (void)rank;
}
static inline void rt_rank_leave(const uint32_t *l)
{
    (void)l;
}
#endif

static inline void rt_lock_always(uint32_t *l, enum rt_rank rank)
{
    uint32_t free = 0;

    rt_rank_enter(l, rank);
    if (rt_unlikely(!__atomic_compare_exchange_n(
            l, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)))
        rt_lock_slow(l);
}

static inline bool rt_trylock_always(uint32_t *l, enum rt_rank rank)
{
    uint32_t free = 0;

    if (!__atomic_compare_exchange_n(l, &free, 1, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return false;
    rt_rank_enter(l, rank);
    return true;
}

static inline void rt_unlock_always(uint32_t *l)
{
    rt_rank_leave(l);
    if (rt_unlikely(__atomic_exchange_n(l, 0, __ATOMIC_RELEASE) != 1))
        rt_unlock_slow(l);
}

static inline void rt_lock(uint32_t *l, enum rt_rank rank)
{
    if (!rt_load(rt_solo))
        rt_lock_always(l, rank);
}

static inline void rt_unlock(uint32_t *l)
{
    if (!rt_load(rt_solo))
        rt_unlock_always(l);
}

#ifdef VIGIL_DEBUG
#define rt_assert_held(l)                                                      \
    rt_check(rt_solo || rt_rank_holds(l), "a lock is not held that must be")
#else
#define rt_assert_held(l) ((void)(l))
#endif

#endif

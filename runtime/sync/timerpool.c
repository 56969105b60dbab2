/*
 * timerpool.c - where the program's timers lie.
 *
 * In slots (slots.h), so a look can ask what a word that it found points to;
 * all are given back when the run ends. A slot that was given back says so
 * until it is used anew, so that a use after free is most likely told.
 */
#include "runtime/sched/sched.h"
#include "runtime/sync/slots.h"
#include "runtime/sync/timers.h"

static struct rt_slots slots = RT_SLOTS(struct rt_timers, next);

struct rt_timers *rt_timers_take(enum rt_timers_use use)
{
    struct rt_timers *t = rt_slots_take(&slots);

    if (!t)
        return NULL;
    rt_check(t->use == RT_TIMERS_FREE, "timers: a free slot is in use");
    __atomic_store_n(&t->use, (uint8_t)use, __ATOMIC_RELEASE);
    return t;
}

void rt_timers_give(struct rt_timers *t)
{
    rt_check(t->timer.place == 0, "timers: an armed timer is given back");
    memset(&t->call, 0, sizeof(t->call)); /* holds nothing any more */
    t->head.c = NULL;
    __atomic_store_n(&t->use, RT_TIMERS_FREED, __ATOMIC_RELEASE);
    rt_slots_give(&slots, t);
}

struct rt_timers *rt_timers_at(const void *address)
{
    struct rt_timers *t = rt_slots_at(&slots, address);
    uint8_t use = t ? __atomic_load_n(&t->use, __ATOMIC_ACQUIRE) : 0;

    return use == RT_TIMERS_FREE || use == RT_TIMERS_FREED ? NULL : t;
}

void rt_timers_map(uintptr_t *low, uintptr_t *high)
{
    rt_slots_map(&slots, low, high);
}

uint32_t rt_timers_slots(void)
{
    return rt_slots_used(&slots);
}

uint32_t rt_timers_number(const struct rt_timers *t)
{
    return rt_slots_number(&slots, t);
}

static void timers_end_run(void)
{
    rt_slots_reset(&slots);
}

__attribute__((constructor)) static void timers_register(void)
{
    rt_at_halt(timers_end_run);
}

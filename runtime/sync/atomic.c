/*
 * atomic.c - 64-bit atomics, sequentially consistent.
 *
 * In a controlled run each is a point: what one of them reads is what another
 * task wrote, so their order is the program's behaviour.
 */
#include "runtime/sched/control.h"
#include "runtime/sched/race.h"
#include "runtime/sync/object.h"

static __attribute__((noinline)) void
stand(enum go_op op, const struct go_atomic *a, const struct go_site *site)
{
    struct g *g = rt_enter();

    rt_point(g, op, a, site);
    if (op != GO_OP_STORE)
        rt_race_acquire(g, a);
    if (op != GO_OP_LOAD)
        rt_race_release(g, a);
    rt_leave(g);
}

#define POINT(op, a)                                                           \
    do                                                                         \
        if (rt_unlikely(rt_load(rt_controlled)))                               \
            stand((op), (a), RT_HERE());                                       \
    while (0)

int64_t go_atomic_load(const struct go_atomic *a)
{
    POINT(GO_OP_LOAD, a);
    return __atomic_load_n(&a->value, __ATOMIC_SEQ_CST);
}

void go_atomic_store(struct go_atomic *a, int64_t v)
{
    POINT(GO_OP_STORE, a);
    __atomic_store_n(&a->value, v, __ATOMIC_SEQ_CST);
}

int64_t go_atomic_swap(struct go_atomic *a, int64_t v)
{
    POINT(GO_OP_UPDATE, a);
    return __atomic_exchange_n(&a->value, v, __ATOMIC_SEQ_CST);
}

int64_t go_atomic_add(struct go_atomic *a, int64_t delta)
{
    POINT(GO_OP_UPDATE, a);
    return __atomic_add_fetch(&a->value, delta, __ATOMIC_SEQ_CST);
}

static __attribute__((noinline)) void fail(const struct go_atomic *a)
{
    struct g *g = rt_enter();

    rt_note(GO_NOTE_FAILED, g, a);
    rt_leave(g);
}

bool go_atomic_cas(struct go_atomic *a, int64_t old, int64_t new_value)
{
    bool did;

    POINT(GO_OP_UPDATE, a);
    did = __atomic_compare_exchange_n(&a->value, &old, new_value, false,
                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    if (!did && rt_unlikely(rt_load(rt_controlled)))
        fail(a);
    return did;
}

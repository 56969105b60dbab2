/*
 * stack.c - whose the slots of stacks are: the free ones, and those in use.
 *
 * In:  spawn and exit. Out: every stack, and with it every g there is.
 *
 * Method: slots are handed out in order, so those below the high-water mark
 * are all that were ever touched, and walking them visits every g. Free ones
 * lie in a list of the worker's own, then in an array of slot numbers under
 * the stack lock; what is deep in that array is given back to the system, and
 * marked cold: a walk passes it by. Of a crowd some more are opened than are
 * asked for. Where they lie, and their guards, is stackmap.c's.
 *
 * S1  A slot is on exactly one free list or holds a live g.
 * S2  Memory is given back of stacks that nobody took through all of a turn: a
 *     crowd that comes again is not made to touch its pages anew. (As fast as
 *     they ended, that took a quarter of a processor of the tick's, and five
 *     times as long of a wave of 10,000.)
 * S3  Where looks are taken, a stack given back is scrubbed (scrub.h): no frame
 *     of the next goroutine holds what the one before left there.
 * S4  Giving back takes half a hundredth of a processor at the most.
 */
#include "runtime/sched/stack.h"

#include <errno.h>
#include <sys/mman.h>
#include <time.h>

#include "runtime/base/advise.h"
#include "runtime/base/own.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/scrub.h"
#include "runtime/sched/spare.h"
#include "runtime/sched/stackmap.h"
#include "runtime/sched/state.h"

enum {
    P_FREE_MAX = 256,            /* hot stacks a worker keeps */
    P_BATCH = 64,                /* and gets, or gives to all, at a time */
    P_KEPT_MAX = P_FREE_MAX + 2, /* with who is just ending, or begins */
    TRIM_KEEP = 1024,            /* free stacks that stay resident */
    TRIM_ROUNDS = 64,            /* in a tick, of RT_ADVISE_MAX each */
    TRIM_COST = 200,             /* they took 1 ms: none for 200 ms, S4 */
    AHEAD = 4,                   /* one slot is opened ahead for so many */
};
#define TRIM_TURN GO_SECOND

static struct {
    bool scrubs;       /* [init] S3 */
    uint32_t lock;     /* rank RT_RANK_STACK */
    uint32_t high;     /* [lock, read atomically] slots ever used */
    uint32_t nfree;    /* [lock] in free[] */
    uint32_t trimmed;  /* [lock] of them, from the bottom, without memory */
    uint32_t *free;    /* [lock] slot numbers, the hottest last */
    uint64_t *cold;    /* [lock, read atomically] a bit for each trimmed one */
    uint32_t least;    /* [lock] nfree was never lower in this turn, */
    uint32_t before;   /* [lock] and in the last: S2 */
    int64_t now;       /* [lock] the latest that was said, monotonic ns */
    int64_t turn_ends; /* [lock] the same */
    int64_t rests;     /* [lock] the same: S4 */
} pool;

uint32_t rt_stack_plenty;

/* Of free[], and cold[] behind it. */
static size_t numbers_size(void)
{
    return rt_stacks.slots * sizeof(*pool.free) + rt_stacks.slots / 8 + 16;
}

int rt_stack_open(size_t size, bool scrubs)
{
    int err = rt_stackmap_open(size ? size : RT_STACK_DEFAULT);

    if (err)
        return err;
    /* A run that left threads behind on its stacks did not close them. */
    pool.high = pool.nfree = pool.trimmed = 0;
    pool.least = pool.before = 0;
    pool.now = pool.turn_ends = pool.rests = 0;
    pool.scrubs = scrubs && rt_stacks.plain;
    pool.free = rt_stackmap_reserve(numbers_size());
    if (!pool.free) {
        rt_stackmap_close();
        return -ENOMEM;
    }
    pool.cold = (uint64_t *)(pool.free + (rt_stacks.slots + 1) / 2 * 2);
    rt_own_add(pool.free, numbers_size());
    return 0;
}

void rt_stack_promise(int procs)
{
    uint32_t kept = (uint32_t)(procs + 1) * P_KEPT_MAX;

    rt_store(rt_stack_plenty,
             rt_stacks.slots > kept ? rt_stacks.slots - kept : 0);
}

void rt_stack_close(void)
{
    rt_own_remove(pool.free);
    munmap(pool.free, numbers_size());
    rt_stackmap_close();
}

/* Slots that are about to be used, without memory yet. */
struct opened {
    uint32_t n;
    bool fresh; /* nobody ever had them */
    uint32_t slot[RT_ADVISE_MAX];
};

static bool is_cold(uint32_t slot)
{
    return rt_load(pool.cold[slot / 64]) >> (slot % 64) & 1;
}

/* Under the lock. */
static void turn_cold(uint32_t slot, bool cold)
{
    uint64_t *at = &pool.cold[slot / 64], bit = (uint64_t)1 << (slot % 64);

    rt_store(*at, cold ? *at | bit : *at & ~bit);
}

static struct g *slot_free(uint32_t slot)
{
    struct g *g = rt_slot_g(slot);

    g->slot = slot;
    return g;
}

static void less_free(uint32_t n)
{
    pool.nfree -= n;
    if (pool.nfree < pool.least)
        pool.least = pool.nfree;
}

/* Hot ones, to p: only what has memory, for here it is written. */
static void refill_locked(struct p *p)
{
    uint32_t n = pool.nfree - pool.trimmed;

    if (n > P_BATCH)
        n = P_BATCH;
    less_free(n);
    for (uint32_t i = 0; i < n; i++)
        rt_spare_push(&p->stacks, slot_free(pool.free[pool.nfree + i]));
}

/* NULL: none that has memory is free. */
static struct g *take_locked(struct p *p)
{
    if (p) {
        refill_locked(p);
        return rt_spare_pop(&p->stacks);
    }
    if (pool.nfree == pool.trimmed)
        return NULL;
    less_free(1);
    return slot_free(pool.free[pool.nfree]);
}

/*
 * Where one is wanted, and there is no other: for a crowd more, since one call
 * of the kernel is cheaper than many. None: all are in use.
 */
static void reserve_locked(const struct p *p, struct opened *o)
{
    uint32_t n = p ? (pool.high - pool.nfree) / AHEAD : 1, left;

    o->fresh = !pool.nfree;
    left = o->fresh ? rt_stacks.slots - pool.high : pool.nfree;
    n = n < 1 ? 1 : n > RT_ADVISE_MAX ? RT_ADVISE_MAX : n;
    o->n = n = n > left ? left : n;
    if (!o->fresh) {
        less_free(n);
        pool.trimmed = pool.nfree;
    }
    for (uint32_t i = 0; i < n; i++)
        o->slot[i] = o->fresh ? pool.high + i : pool.free[pool.nfree + i];
    for (uint32_t i = 0; i < n && !o->fresh; i++)
        turn_cold(o->slot[i], false);
    if (o->fresh)
        __atomic_store_n(&pool.high, pool.high + n, __ATOMIC_RELEASE);
}

/* The first of them, the others to p, so that the next comes next. */
static struct g *take_opened(struct p *p, const struct opened *o)
{
    rt_stackmap_give(o->slot, o->n, o->fresh);
    for (uint32_t i = o->n - 1; i > 0; i--)
        rt_spare_push(&p->stacks, slot_free(o->slot[i]));
    return slot_free(o->slot[0]);
}

/* When p has none. Out of line: a page's worth of ranges. */
static __attribute__((noinline)) struct g *take_from_all(struct p *p)
{
    struct opened o = {.n = 0};
    struct g *g;

    rt_lock_always(&pool.lock, RT_RANK_STACK);
    g = take_locked(p);
    if (!g)
        reserve_locked(p, &o);
    rt_unlock_always(&pool.lock);
    return o.n ? take_opened(p, &o) : g;
}

struct g *rt_stack_take(struct p *p)
{
    struct g *g = p ? rt_spare_pop(&p->stacks) : NULL;

    if (!g)
        g = take_from_all(p);
    if (g) {
        rt_check(g->status == RT_G_FREE, "S1: a stack is handed out twice");
        rt_san_unpoison(rt_stack_low(g), rt_stacks.size);
    }
    return g;
}

/* S3. Not where it would hide from a checker what was never written. */
void rt_stack_scrub(struct g *g)
{
    if (rt_stacks.plain)
        rt_scrub(rt_stack_low(g), rt_stack_top(g));
}

/* The n hottest of p's, in one section, the hottest last. */
static void give_to_all(struct p *p, uint32_t n)
{
    rt_lock_always(&pool.lock, RT_RANK_STACK);
    pool.nfree += n;
    for (uint32_t i = 1; i <= n; i++)
        pool.free[pool.nfree - i] = rt_spare_pop(&p->stacks)->slot;
    rt_unlock_always(&pool.lock);
}

void rt_stack_give(struct p *p, struct g *g)
{
    rt_check(p && g->status == RT_G_FREE, "S1: a live stack is given back");
    if (pool.scrubs)
        rt_stack_scrub(g);
    if (p->stacks.n == P_FREE_MAX)
        give_to_all(p, P_BATCH);
    rt_spare_push(&p->stacks, g);
}

void rt_stack_drain(struct p *p)
{
    give_to_all(p, p->stacks.n);
}

/* [lock] So many of free[], from the bottom, nobody took: S2. */
static uint32_t trim_until(void)
{
    uint32_t until = pool.before < pool.least ? pool.before : pool.least;

    return until > TRIM_KEEP ? until - TRIM_KEEP : 0;
}

/* S2: a new turn, when the last is over. Whether any are to be given back now:
   not by who comes late, when another has said a later time. */
static bool trim_turn(int64_t now)
{
    bool any, late;

    rt_lock_always(&pool.lock, RT_RANK_STACK);
    late = now < pool.now;
    pool.now = late ? pool.now : now;
    if (!late && now >= pool.turn_ends) {
        pool.before = pool.least;
        pool.least = pool.nfree;
        pool.turn_ends = now + TRIM_TURN;
    }
    any = !late && now >= pool.rests && pool.trimmed < trim_until();
    rt_unlock_always(&pool.lock);
    return any;
}

/* One short section under the lock; whether there may be more to do. */
static bool trim_batch(void)
{
    uint32_t idle[RT_ADVISE_MAX], n = 0, until;
    bool more;

    rt_lock_always(&pool.lock, RT_RANK_STACK);
    until = trim_until();
    while (n < RT_ADVISE_MAX && pool.trimmed < until) {
        idle[n] = pool.free[pool.trimmed++];
        turn_cold(idle[n++], true);
    }
    rt_stackmap_take(idle, n);
    more = pool.trimmed < until;
    rt_unlock_always(&pool.lock);
    return more;
}

/* ns that this thread has run. */
static int64_t worked(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * GO_SECOND + t.tv_nsec;
}

void rt_stack_trim(int64_t now)
{
    int64_t begun;

    if (!trim_turn(now))
        return;
    begun = worked();
    for (int i = 0; i < TRIM_ROUNDS && trim_batch(); i++)
        ;
    rt_lock_always(&pool.lock, RT_RANK_STACK);
    pool.rests = now + TRIM_COST * (worked() - begun);
    rt_unlock_always(&pool.lock);
}

size_t rt_stack_size(void)
{
    return rt_stacks.size;
}

void *rt_stack_low(const struct g *g)
{
    return rt_slot_low(g->slot) + rt_stacks.page;
}

void rt_stack_map(uintptr_t *low, uintptr_t *high)
{
    *low = (uintptr_t)rt_stacks.base;
    *high = *low + (size_t)rt_g_slots() * rt_stacks.stride;
}

struct g *rt_stack_at(const void *addr)
{
    uintptr_t at = (uintptr_t)addr - (uintptr_t)rt_stacks.base;
    uint32_t slot = (uint32_t)(at / rt_stacks.stride);
    struct g *g;

    if (!rt_stacks.base || at >= (uintptr_t)rt_g_slots() * rt_stacks.stride)
        return NULL;
    g = rt_g_at(slot);
    if (!g || addr < rt_stack_low(g) || addr >= rt_stack_top(g))
        return NULL;
    return g;
}

bool rt_stack_is_others(const struct g *g, uintptr_t addr)
{
    uintptr_t at = addr - (uintptr_t)rt_stacks.base;

    return rt_stacks.base &&
           at < (uintptr_t)rt_stacks.slots * rt_stacks.stride &&
           at / rt_stacks.stride != g->slot;
}

struct g *rt_stack_guarded(const void *addr)
{
    size_t at = (size_t)((const char *)addr - rt_stacks.base);
    uint32_t slot = (uint32_t)(at / rt_stacks.stride);

    if (!rt_stacks.base || (const char *)addr < rt_stacks.base ||
        slot >= pool.high || at % rt_stacks.stride >= rt_stacks.page)
        return NULL;
    return rt_slot_g(slot);
}

uint32_t rt_g_slots(void)
{
    return __atomic_load_n(&pool.high, __ATOMIC_ACQUIRE);
}

void rt_g_fetch(uint32_t slot)
{
    const char *g = slot < rt_g_slots() ? (const char *)rt_slot_g(slot) : NULL;

    for (size_t i = 0; i < sizeof(struct g); i += 64)
        __builtin_prefetch(g + i);
}

/* To look at a cold one would give it memory. */
struct g *rt_g_at(uint32_t slot)
{
    struct g *g = rt_slot_g(slot);

    return is_cold(slot) || rt_g_status(g) == RT_G_FREE ? NULL : g;
}

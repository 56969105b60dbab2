/*
 * stack.c - the map of stacks, its free slots and its guards.
 *
 * In:  spawn and exit. Out: every stack, and with it every g there is.
 *
 * Method: slots are handed out in order, so those below the high-water mark
 * are all that were ever touched, and walking them visits every g. Free ones
 * lie in a list of the worker's own, then in an array of slot numbers under
 * the stack lock; what is deep in that array is given back to the system, and
 * marked cold: a walk passes it by. Of a crowd some more are opened than are
 * asked for, with their guards and memory for their tops by one call each.
 *
 * S1  A slot is on exactly one free list or holds a live g.
 * S2  A slot given back to the system reads as zero: status FREE.
 * S3  Where looks are taken, a stack given back is scrubbed (scrub.h): no frame
 *     of the next goroutine holds what the one before left there.
 * S4  What AddressSanitizer notes of a slot goes with its memory, and lies in
 *     pages that are of no other slot: zeros say that all may be used.
 * S5  Memory is given back of stacks that nobody took through all of a turn: a
 *     crowd that comes again is not made to touch its pages anew. (As fast as
 *     they ended, that took a quarter of a processor of the tick's, and five
 *     times as long of a wave of 10,000.)
 *
 * Guards: MADV_GUARD_INSTALL (Linux 6.13) costs no mapping; before, mprotect
 * makes two mappings of one, and vm.max_map_count ends it at about 32,000:
 * beyond that stacks go unguarded. Below them all nothing can be touched for
 * APRON bytes: a frame that is larger than its stack goes past the guard.
 */
#include "runtime/sched/stack.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

#include "runtime/base/advise.h"
#include "runtime/base/own.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/scrub.h"
#include "runtime/sched/spare.h"
#include "runtime/sched/state.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum {
    P_FREE_MAX = 256,            /* hot stacks a worker keeps */
    P_BATCH = 64,                /* and gets, or gives to all, at a time */
    P_KEPT_MAX = P_FREE_MAX + 2, /* with who is just ending, or begins */
    TRIM_KEEP = 1024,            /* free stacks that stay resident */
    TRIM_ROUNDS = 64,            /* in a tick, of RT_ADVISE_MAX each */
    AHEAD = 4,                   /* one slot is opened ahead for so many */
    MPROTECT_MAX = 30000,        /* guards, below vm.max_map_count / 2 */
};
#if defined(RT_ASAN) || defined(RT_TSAN)
#define RT_STACK_PLAIN 0 /* shadowed memory is not written behind its back */
#else
#define RT_STACK_PLAIN 1
#endif
#define RESERVE_MAX ((size_t)160 << 30)
#define TRIM_TURN   GO_SECOND
#define APRON       ((size_t)8 << 20)

/*
 * valgrind takes a step of the stack pointer for a switch when it is longer
 * than 2 MB, so its slots lie further apart. Registered stacks would do too,
 * but it keeps one current stack for all threads: with several workers it
 * takes the one for the other's, and calls sound frames invalid.
 */
#define VALGRIND_STRIDE ((size_t)4 << 20)

static struct {
    char *base;        /* [init] */
    size_t stride;     /* [init] bytes of a slot */
    size_t size;       /* [init] usable of it */
    size_t page;       /* [init] */
    size_t grain;      /* [init] slots begin at multiples of it: S4 */
    bool plain;        /* [init] nobody checks whether it was written */
    bool scrubs;       /* [init] S3 */
    uint32_t slots;    /* [init] how many fit */
    uint32_t lock;     /* rank RT_RANK_STACK */
    uint32_t high;     /* [lock, read atomically] slots ever used */
    uint32_t nfree;    /* [lock] in free[] */
    uint32_t trimmed;  /* [lock] of them, from the bottom, without memory */
    uint32_t *free;    /* [lock] slot numbers, the hottest last */
    uint64_t *cold;    /* [lock, read atomically] a bit for each trimmed one */
    uint32_t least;    /* [lock] nfree was never lower in this turn, */
    uint32_t before;   /* [lock] and in the last: S5 */
    int64_t turn_ends; /* [lock] monotonic ns */
    uint32_t protects; /* [atomic] guards made by mprotect */
} pool;

uint32_t rt_stack_plenty;

/* What a g takes at the end of its slot: whole lines of the cache; and never
   whole pages, see rt_guard. */
#define G_SIZE ((sizeof(struct g) + 63) & ~(size_t)63)
_Static_assert(G_SIZE % 4096 != 0, "a g begins where a page does");
static struct g *slot_g(uint32_t slot)
{
    char *end = pool.base + (size_t)(slot + 1) * pool.stride;

    return (struct g *)(end - G_SIZE);
}

static void *map_reserve(size_t bytes)
{
    void *p =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

/* From a multiple of the grain on: what lies before is not kept. */
static char *map_slots(size_t bytes)
{
    size_t over = pool.grain - pool.page;
    char *p = map_reserve(APRON + bytes + over);
    size_t before = -(uintptr_t)p % pool.grain;

    if (!p)
        return NULL;
    if (before)
        munmap(p, before);
    p += before;
    if (over > before)
        munmap(p + APRON + bytes, over - before);
    mprotect(p, APRON, PROT_NONE); /* or it is memory that nobody uses */
    return p + APRON;
}

static void unmap_slots(void)
{
    munmap(pool.base - APRON, APRON + (size_t)pool.slots * pool.stride);
}

/* Of free[], and cold[] behind it. */
static size_t numbers_size(void)
{
    return pool.slots * sizeof(*pool.free) + pool.slots / 8 + 16;
}

int rt_stack_open(size_t size, bool scrubs)
{
    size_t reserve = RESERVE_MAX;

    /* A run that left threads behind on its stacks did not close them. */
    pool.high = pool.nfree = pool.trimmed = 0;
    pool.least = pool.before = 0;
    pool.turn_ends = 0;
    pool.protects = 0;
    pool.plain = RT_STACK_PLAIN && !RUNNING_ON_VALGRIND;
    pool.scrubs = scrubs && pool.plain;
    pool.page = (size_t)sysconf(_SC_PAGESIZE);
    pool.grain = RT_SAN_PAGES * pool.page;
    if (!size)
        size = RT_STACK_DEFAULT;
    /* With the guard: an odd number of pages, where a grain is one. */
    pool.stride = (((size + pool.page - 1) / pool.page + 1) | 1) * pool.page;
    pool.stride = (pool.stride + pool.grain - 1) & ~(pool.grain - 1);
    if (RUNNING_ON_VALGRIND && pool.stride < VALGRIND_STRIDE)
        pool.stride = VALGRIND_STRIDE + pool.page;
    /* Whole slots: what is over would not be given back. */
    while (!(pool.base = map_slots(reserve -= reserve % pool.stride)))
        if ((reserve /= 2) < 16 * pool.stride)
            return -ENOMEM;
    /* A dump of a core, or a fork's page tables, want none of this. */
    madvise(pool.base, reserve, MADV_NOHUGEPAGE);
    pool.slots = (uint32_t)(reserve / pool.stride);
    pool.size = pool.stride - pool.page - ((sizeof(struct g) + 63) & ~63ul);
    pool.free = map_reserve(numbers_size());
    if (!pool.free) {
        unmap_slots();
        return -ENOMEM;
    }
    pool.cold = (uint64_t *)(pool.free + (pool.slots + 1) / 2 * 2);
    rt_own_add(pool.base, (size_t)pool.slots * pool.stride);
    rt_own_add(pool.free, numbers_size());
    return 0;
}

void rt_stack_promise(int procs)
{
    uint32_t kept = (uint32_t)(procs + 1) * P_KEPT_MAX;

    rt_store(rt_stack_plenty, pool.slots > kept ? pool.slots - kept : 0);
}

void rt_stack_close(void)
{
    rt_own_remove(pool.base);
    rt_own_remove(pool.free);
    unmap_slots();
    munmap(pool.free, numbers_size());
    pool.base = NULL;
}

/* The page below a stack faults, if the system lets us. */
static void guard_install(char *low)
{
    if (__atomic_fetch_add(&pool.protects, 1, __ATOMIC_RELAXED) >=
            MPROTECT_MAX ||
        mprotect(low, pool.page, PROT_NONE))
        __atomic_fetch_sub(&pool.protects, 1, __ATOMIC_RELAXED);
}

/* Slots that are about to be used, without memory yet. */
struct opened {
    uint32_t n;
    bool fresh; /* nobody ever had them */
    uint32_t slot[RT_ADVISE_MAX];
};

/* Their guards, and memory for their tops, which a goroutine touches first. */
static void slots_open(const struct opened *o)
{
    struct iovec guards[RT_ADVISE_MAX];
    struct iovec tops[RT_ADVISE_MAX];
    int n = (int)o->n;

    for (int i = 0; i < n; i++) {
        char *low = pool.base + (size_t)o->slot[i] * pool.stride;

        guards[i] = (struct iovec){low, pool.page};
        tops[i] = (struct iovec){low + pool.stride - pool.page, pool.page};
    }
    if (o->fresh)
        for (int i = rt_advise(guards, n, MADV_GUARD_INSTALL); i < n; i++)
            guard_install(guards[i].iov_base);
    rt_advise(tops, n, MADV_POPULATE_WRITE);
}

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
    struct g *g = slot_g(slot);

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
    left = o->fresh ? pool.slots - pool.high : pool.nfree;
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
    slots_open(o);
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
        rt_san_unpoison(rt_stack_low(g), pool.size);
    }
    return g;
}

/* S3. Not where it would hide from a checker what was never written. */
void rt_stack_scrub(struct g *g)
{
    if (pool.plain)
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

/* S4: of slots that are given back, each from its lowest usable byte on. */
static void give_notes(struct iovec *slots, int n)
{
#ifdef RT_ASAN
    size_t scale, offset;

    __asan_get_shadow_mapping(&scale, &offset);
    for (int i = 0; i < n; i++) {
        uintptr_t low = (uintptr_t)slots[i].iov_base - pool.page;

        slots[i] = (struct iovec){(char *)(low >> scale) + offset,
                                  pool.stride >> scale};
    }
    rt_advise(slots, n, MADV_DONTNEED);
#else
    (void)slots;
    (void)n;
#endif
}

/* S5: a new turn, when the last is over. */
static void trim_turn(int64_t now)
{
    rt_lock_always(&pool.lock, RT_RANK_STACK);
    if (now >= pool.turn_ends) {
        pool.before = pool.least;
        pool.least = pool.nfree;
        pool.turn_ends = now + TRIM_TURN;
    }
    rt_unlock_always(&pool.lock);
}

/* One short section under the lock; whether there may be more to do. */
static bool trim_batch(void)
{
    struct iovec idle[RT_ADVISE_MAX];
    uint32_t until;
    int n = 0;
    bool more;

    rt_lock_always(&pool.lock, RT_RANK_STACK);
    until = pool.before < pool.least ? pool.before : pool.least;
    while (n < RT_ADVISE_MAX && pool.trimmed + TRIM_KEEP < until) {
        uint32_t slot = pool.free[pool.trimmed++];
        char *low = pool.base + (size_t)slot * pool.stride;

        turn_cold(slot, true);
        idle[n++] = (struct iovec){low + pool.page, pool.stride - pool.page};
    }
    rt_advise(idle, n, MADV_DONTNEED);
    give_notes(idle, n);
    more = pool.trimmed + TRIM_KEEP < until;
    rt_unlock_always(&pool.lock);
    return more;
}

void rt_stack_trim(int64_t now)
{
    trim_turn(now);
    for (int i = 0; i < TRIM_ROUNDS && trim_batch(); i++)
        ;
}

size_t rt_stack_size(void)
{
    return pool.size;
}

void *rt_stack_low(const struct g *g)
{
    return pool.base + (size_t)g->slot * pool.stride + pool.page;
}

void rt_stack_map(uintptr_t *low, uintptr_t *high)
{
    *low = (uintptr_t)pool.base;
    *high = *low + (size_t)rt_g_slots() * pool.stride;
}

struct g *rt_stack_at(const void *addr)
{
    uintptr_t at = (uintptr_t)addr - (uintptr_t)pool.base;
    uint32_t slot = (uint32_t)(at / pool.stride);
    struct g *g;

    if (!pool.base || at >= (uintptr_t)rt_g_slots() * pool.stride)
        return NULL;
    g = rt_g_at(slot);
    if (!g || addr < rt_stack_low(g) || addr >= rt_stack_top(g))
        return NULL;
    return g;
}

bool rt_stack_is_others(const struct g *g, uintptr_t addr)
{
    uintptr_t at = addr - (uintptr_t)pool.base;

    return pool.base && at < (uintptr_t)pool.slots * pool.stride &&
           at / pool.stride != g->slot;
}

struct g *rt_stack_guarded(const void *addr)
{
    size_t at = (size_t)((const char *)addr - pool.base);
    uint32_t slot = (uint32_t)(at / pool.stride);

    if (!pool.base || (const char *)addr < pool.base || slot >= pool.high ||
        at % pool.stride >= pool.page)
        return NULL;
    return slot_g(slot);
}

uint32_t rt_g_slots(void)
{
    return __atomic_load_n(&pool.high, __ATOMIC_ACQUIRE);
}

void rt_g_fetch(uint32_t slot)
{
    const char *g = slot < rt_g_slots() ? (const char *)slot_g(slot) : NULL;

    for (size_t i = 0; i < sizeof(struct g); i += 64)
        __builtin_prefetch(g + i);
}

/* To look at a cold one would give it memory. */
struct g *rt_g_at(uint32_t slot)
{
    struct g *g = slot_g(slot);

    return is_cold(slot) || rt_g_status(g) == RT_G_FREE ? NULL : g;
}

/*
 * causal.c - sparse vector clocks for lock orders.
 *
 * In:  the hooks of everything that makes one goroutine wait for another's
 * deed. Out: for each nested acquisition the clock that it was made at, from
 * which the monitor tells what can never overlap.
 *
 * Method: a clock is an immutable, counted array sorted by goroutine; most
 * joins return one of the two they are given. A goroutine's own entry is only
 * in the clocks that it publishes: its epoch goes on with the first release
 * after a mark, so marks without a release between them share an epoch. What
 * an object carries lies in one hash table by the object's number; nothing is
 * stored in the program's memory, which may be reused.
 *
 * U1  Clocks only grow, along each goroutine and each object: what is past
 *     stays so.
 * U2  Doubt counts as order, for a hint must not be given when two deeds can
 *     not overlap: when the table is full, all further objects share a clock;
 *     a buffer with more places than RT_CAUSAL_SLOTS shares some.
 *
 * Lock: one, rank RT_RANK_ORDER, nothing is taken under it; most calls find
 * without it that there is nothing to carry.
 *
 * Why not a clock with every goroutine in it: a million of them would pay for
 * the few that nest locks.
 */
#include "runtime/sched/causal.h"

#include <string.h>

#include "runtime/base/arena.h"

struct entry {
    uint64_t id;
    uint32_t epoch;
};

struct rt_causal {
    union {
        uint32_t refs;
        struct rt_causal *next; /* of the spare ones */
    };
    uint32_t n;
    uint32_t size; /* room is 1 << size */
    struct entry at[];
};

/* What an object carries. */
struct carrier {
    uint64_t key;            /* 0: free */
    struct rt_causal *clock; /* released; NULL: nothing */
    uint64_t put, taken;     /* a buffer's counts */
    struct rt_causal **slot; /* [nslot] clocks of its places, or NULL */
    uint32_t nslot;
};

enum {
    SIZES = 11 /* up to RT_CAUSAL_MAX entries */
};

uint32_t rt_causal_live;

static struct {
    uint32_t lock;
    struct rt_arena arena;          /* [lock] */
    struct rt_causal *spare[SIZES]; /* [lock] by size */
    struct carrier *carriers;       /* [lock] [2 * RT_CAUSAL_OBJECTS] */
    uint32_t ncarrier;              /* [lock] */
    uint32_t members;               /* [lock] goroutines in clocks */
    struct carrier rest;            /* [lock] U2 */
} all;

static void lock(void)
{
    rt_lock(&all.lock, RT_RANK_ORDER);
}

static void unlock(void)
{
    rt_unlock(&all.lock);
}

/* Whether g has anything that others might come after. */
static bool has(const struct g *g)
{
    return g && (g->clock || g->marked);
}

static void *room(size_t n)
{
    void *p = rt_arena_alloc(&all.arena, n);

    rt_need(p, "no memory for clocks");
    return p;
}

static struct rt_causal *clock_new(uint32_t n)
{
    uint32_t size = 0;
    struct rt_causal *c;

    while (1u << size < n)
        size++;
    rt_check(size < SIZES, "causal: a clock of too many");
    c = all.spare[size];
    if (c)
        all.spare[size] = c->next;
    else
        c = room(sizeof(*c) + (sizeof(c->at[0]) << size));
    c->refs = 1;
    c->n = n;
    c->size = size;
    return c;
}

static struct rt_causal *ref(struct rt_causal *c)
{
    if (c)
        c->refs++;
    return c;
}

static void unref(struct rt_causal *c)
{
    if (!c || --c->refs)
        return;
    c->next = all.spare[c->size];
    all.spare[c->size] = c;
}

/* Puts c, which is the caller's reference, where another one was. */
static void set(struct rt_causal **at, struct rt_causal *c)
{
    struct rt_causal *old = *at;

    *at = c;
    unref(old);
}

uint32_t rt_causal_epoch(const struct rt_causal *c, uint64_t id)
{
    uint32_t from = 0, to = c ? c->n : 0;

    while (from < to) {
        uint32_t middle = (from + to) / 2;

        if (c->at[middle].id < id)
            from = middle + 1;
        else
            to = middle;
    }
    return c && from < c->n && c->at[from].id == id ? c->at[from].epoch : 0;
}

/* Merges into to (NULL: only counts); how many entries there are. *a_less: b
   has what a has not; and the other way round. */
static uint32_t merge(const struct rt_causal *a, const struct rt_causal *b,
                      struct entry *to, bool *a_less, bool *b_less)
{
    uint32_t i = 0, j = 0, n = 0;

    *a_less = *b_less = false;
    while (i < a->n || j < b->n) {
        struct entry e;

        if (j == b->n || (i < a->n && a->at[i].id < b->at[j].id)) {
            e = a->at[i++];
            *b_less = true;
        } else if (i == a->n || b->at[j].id < a->at[i].id) {
            e = b->at[j++];
            *a_less = true;
        } else {
            *b_less |= a->at[i].epoch > b->at[j].epoch;
            *a_less |= a->at[i].epoch < b->at[j].epoch;
            e = a->at[i].epoch > b->at[j].epoch ? a->at[i] : b->at[j];
            i++;
            j++;
        }
        if (to)
            to[n] = e;
        n++;
    }
    return n;
}

/* What is past in either: a new reference. */
static struct rt_causal *join(struct rt_causal *a, struct rt_causal *b)
{
    struct rt_causal *c;
    bool a_less, b_less;
    uint32_t n;

    if (!a || !b || a == b)
        return ref(a ? a : b);
    n = merge(a, b, NULL, &a_less, &b_less);
    if (!a_less || !b_less)
        return ref(a_less ? b : a);
    c = clock_new(n);
    rt_check(merge(a, b, c->at, &a_less, &b_less) == n, "causal: U1");
    return c;
}

static void join_to(struct rt_causal **at, struct rt_causal *c)
{
    if (c && c != *at)
        set(at, join(*at, c));
}

/* The clock that others get from g; its own epoch ends if there was a mark. */
static struct rt_causal *publish(struct g *g)
{
    if (g->marked) {
        struct rt_causal *own = clock_new(1);

        own->at[0] = (struct entry){g->id, g->epoch};
        join_to(&g->clock, own);
        unref(own);
        g->marked = false;
        g->epoch++;
    }
    return g->clock;
}

static uint32_t place_of(uint64_t key)
{
    return (uint32_t)(key * 0x9e3779b97f4a7c15u >> 32) &
           (2 * RT_CAUSAL_OBJECTS - 1);
}

/* NULL: it carries nothing, and make is false. */
static struct carrier *carrier(uint64_t key, bool make)
{
    struct carrier *c;

    if (!all.carriers) {
        if (!make)
            return NULL;
        all.carriers = room(2 * RT_CAUSAL_OBJECTS * sizeof(*c));
    }
    for (uint32_t i = place_of(key);;
         i = (i + 1) & (2 * RT_CAUSAL_OBJECTS - 1)) {
        c = &all.carriers[i];
        if (c->key == key)
            return c;
        if (!c->key)
            break;
    }
    if (all.ncarrier == RT_CAUSAL_OBJECTS)
        return &all.rest;
    if (!make)
        return NULL;
    all.ncarrier++;
    c->key = key;
    return c;
}

bool rt_causal_mark(struct g *g, uint32_t *epoch, const struct rt_causal **seen)
{
    bool room_left = true;

    lock();
    if (!g->epoch) {
        room_left = all.members < RT_CAUSAL_MAX;
        if (room_left) {
            all.members++;
            g->epoch = 1;
        }
    }
    if (room_left) {
        g->marked = true;
        *epoch = g->epoch;
        *seen = ref(g->clock);
        rt_store(rt_causal_live, rt_causal_live | RT_CAUSAL_ORDERS);
    }
    unlock();
    return room_left;
}

void rt_causal_fork(struct g *by, struct g *child, uint64_t key)
{
    const struct carrier *c;

    rt_check(!child->clock && !child->epoch, "causal: a child has a past");
    if (!has(by) && !key)
        return;
    lock();
    if (has(by))
        child->clock = ref(publish(by));
    c = key ? carrier(key, false) : NULL;
    if (c)
        join_to(&child->clock, c->clock);
    unlock();
}

void rt_causal_end(struct g *g)
{
    if (!g->clock)
        return;
    lock();
    set(&g->clock, NULL);
    unlock();
}

void rt_causal_release(struct g *g, uint64_t key)
{
    rt_assert(key, "causal: nothing to carry it");
    if (!has(g))
        return;
    lock();
    join_to(&carrier(key, true)->clock, publish(g));
    unlock();
}

void rt_causal_acquire(struct g *g, uint64_t key)
{
    const struct carrier *c;

    if (!key)
        return;
    lock();
    c = carrier(key, false);
    if (c)
        join_to(&g->clock, c->clock);
    unlock();
}

void rt_causal_give(struct g *from, struct g *to)
{
    if (!has(from))
        return;
    lock();
    join_to(&to->clock, publish(from));
    unlock();
}

void rt_causal_meet(struct g *a, struct g *b)
{
    if (!has(a) && !has(b))
        return;
    lock();
    publish(a);
    publish(b);
    join_to(&a->clock, b->clock);
    join_to(&b->clock, a->clock);
    unlock();
}

/* Of what a buffer carries; NULL: nothing, nor does g. */
static struct carrier *buffer(const struct g *g, uint64_t key, size_t cap,
                              size_t len)
{
    struct carrier *c = carrier(key, has(g));

    if (!c || c == &all.rest)
        return c;
    if (!c->slot) {
        if (!has(g))
            return NULL;
        c->nslot = cap < RT_CAUSAL_SLOTS ? (uint32_t)cap : RT_CAUSAL_SLOTS;
        c->slot = room(c->nslot * sizeof(struct rt_causal *));
        c->put = len;
    }
    c->taken = c->put - len; /* a timer's buffer may have been emptied */
    return c;
}

/* Both halves: g comes after what the place at number carries, then leaves
   its own clock there. A place that has a buffer's place of its own (exact)
   needs no memory of what was there before, for g has it (U1). */
static void pass(struct g *g, struct carrier *c, uint64_t number, bool exact)
{
    struct rt_causal **at = c->slot ? &c->slot[number % c->nslot] : &c->clock;

    if (!g)
        return;
    join_to(&g->clock, *at);
    if (exact)
        set(at, ref(publish(g)));
    else
        join_to(at, publish(g));
}

void rt_causal_put(struct g *g, uint64_t key, size_t cap, size_t len)
{
    struct carrier *c;

    rt_assert(cap > 0, "causal: nothing lies in no buffer");
    if (!key)
        return;
    lock();
    c = buffer(g, key, cap, len);
    if (c)
        pass(g, c, c->put++, c->slot && cap <= c->nslot);
    unlock();
}

void rt_causal_take(struct g *g, uint64_t key, size_t cap, size_t len)
{
    struct carrier *c;

    rt_assert(cap > 0, "causal: nothing lies in no buffer");
    if (!key)
        return;
    lock();
    c = buffer(g, key, cap, len);
    if (c)
        pass(g, c, c->taken++, c->slot && cap <= c->nslot);
    unlock();
}

void rt_causal_reset(void)
{
    rt_arena_free(&all.arena);
    memset(&all, 0, sizeof(all));
    rt_store(rt_causal_live, rt_causal_live & ~RT_CAUSAL_ORDERS);
}

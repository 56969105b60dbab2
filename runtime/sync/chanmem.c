/*
 * chanmem.c - channels made and freed: equal slots in one reserved map.
 *
 * In: chan_make and chan_free; timers and contexts. Out: rt_chan_at, for
 * labels and for whoever scans memory for handles.
 *
 * Method: addresses are reserved once, and opened a step at a time. A slot
 * given back goes to the end of the free list and is used anew only when
 * enough others have been freed after it, so that a use after free meets a
 * slot that says so. The map is never unmapped: a stale handle finds a slot
 * whatever happens.
 *
 * M1  slot i lies at base + i * sizeof(struct go_chan); i < used.
 * M2  A slot's lock word survives its reuse: a select that was served by
 *     another channel may still come to look whether it is queued here.
 *
 * Lock: pool.lock, rank RT_RANK_NAME: nothing is taken under it.
 *
 * Why not malloc: a marker could not tell a channel from any other block, a
 * freed channel could not say so, and the end of a run would need a list.
 */
#include "runtime/sync/chan.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "runtime/base/own.h"
#include "runtime/base/reserve.h"
#include "runtime/sched/control.h"
#include "runtime/sched/sched.h"
#include "runtime/sync/timers.h"

enum {
    STEP = 256 << 10, /* bytes opened at a time */
#ifdef VIGIL_DEBUG
    QUARANTINE = 16, /* free slots before the oldest is used anew */
#else
    QUARANTINE = 256,
#endif
};
/* Nobody has that much: what a negative or absurd capacity turns into. */
static const size_t BYTES_MOST = (size_t)1 << 47;
static const size_t RESERVE_MOST = (size_t)16 << 30;
static const size_t RESERVE_LEAST = (size_t)4 << 20;

static struct {
    uint32_t lock;
    uint32_t nfree;             /* [lock] */
    struct go_chan *first_free; /* [lock] the longest free */
    struct go_chan *last_free;  /* [lock] */
    char *base;                 /* [atomic] NULL: nothing reserved yet */
    size_t reserved, open;      /* [lock] bytes */
    uint32_t used;              /* [atomic] slots that were ever in use */
} pool;

/* Addresses only; fewer of them when the process may not have so many. */
static bool pool_reserve(void)
{
    size_t size = rt_reserve_size(RESERVE_MOST, RESERVE_LEAST, PROT_NONE);
    char *base = rt_reserve(size, PROT_NONE);

    if (!base)
        return false;
    /* The end of what is mapped before must not be a channel. */
    pool.reserved = size - STEP;
    rt_own_add(base, size);
    __atomic_store_n(&pool.base, base + STEP, __ATOMIC_RELEASE);
    return true;
}

/* Of what a channel was; all but the lock, which a late select may hold right
   now (M2). */
static void slot_clear(struct go_chan *c)
{
    memset(&c->obj, 0, sizeof(c->obj));
    memset(&c->state, 0, sizeof(*c) - offsetof(struct go_chan, state));
}

/* The next slot that was never used in this execution; NULL: no memory. */
static struct go_chan *pool_grow(void)
{
    size_t end = ((size_t)pool.used + 1) * sizeof(struct go_chan);
    struct go_chan *c;

    if (!pool.base && !pool_reserve())
        return NULL;
    if (end > pool.open) {
        if (pool.open + STEP > pool.reserved ||
            !rt_reserve_open(pool.base + pool.open, STEP))
            return NULL;
        pool.open += STEP;
    }
    c = (struct go_chan *)(pool.base + end) - 1;
    if (c->state == RT_CHAN_FREED) /* in an execution before */
        slot_clear(c);
    __atomic_store_n(&pool.used, pool.used + 1, __ATOMIC_RELEASE);
    return c;
}

static struct go_chan *pool_reuse(void)
{
    struct go_chan *c = pool.first_free;

    if (!c)
        return NULL;
    rt_check(c->state == RT_CHAN_FREED, "a free slot is a live channel");
    pool.first_free = c->next;
    pool.nfree--;
    slot_clear(c);
    return c;
}

static struct go_chan *slot_take(void)
{
    struct go_chan *c = NULL;

    rt_lock(&pool.lock, RT_RANK_NAME);
    if (pool.nfree <= QUARANTINE)
        c = pool_grow();
    if (!c)
        c = pool_reuse();
    rt_unlock(&pool.lock);
    return c;
}

static void slot_give(struct go_chan *c)
{
    rt_check(c->state == RT_CHAN_FREED, "a live channel is given back");
    rt_lock(&pool.lock, RT_RANK_NAME);
    c->next = NULL;
    if (pool.first_free)
        pool.last_free->next = c;
    else
        pool.first_free = c;
    pool.last_free = c;
    pool.nfree++;
    rt_unlock(&pool.lock);
}

uint32_t rt_chan_slots(void)
{
    return __atomic_load_n(&pool.used, __ATOMIC_ACQUIRE);
}

struct go_chan *rt_chan_slot(uint32_t i)
{
    struct go_chan *c;

    if (i >= rt_chan_slots())
        return NULL;
    c = (struct go_chan *)__atomic_load_n(&pool.base, __ATOMIC_ACQUIRE) + i;
    /* kind is set last when a channel is made, and goes first when it ends */
    if (__atomic_load_n(&c->obj.kind, __ATOMIC_ACQUIRE) != GO_KIND_CHAN)
        return NULL;
    return c;
}

void rt_chan_map(uintptr_t *low, uintptr_t *high)
{
    const char *base = __atomic_load_n(&pool.base, __ATOMIC_ACQUIRE);

    *low = (uintptr_t)base;
    *high = base ? (uintptr_t)base + pool.reserved : 0;
}

uint32_t rt_chan_number(const struct go_chan *c)
{
    const struct go_chan *base =
        (const void *)__atomic_load_n(&pool.base, __ATOMIC_ACQUIRE);

    rt_check(base && c >= base, "a channel that lies nowhere");
    return (uint32_t)(c - base);
}

struct go_chan *rt_chan_at(const void *address)
{
    char *base = __atomic_load_n(&pool.base, __ATOMIC_ACQUIRE);
    uintptr_t off = (uintptr_t)address - (uintptr_t)base;

    if (!base || off >= (uintptr_t)rt_chan_slots() * sizeof(struct go_chan))
        return NULL;
    return rt_chan_slot((uint32_t)(off / sizeof(struct go_chan)));
}

/* Makes a slot a channel; its kind last, for rt_chan_slot. */
static void chan_init(struct go_chan *c, size_t elem, size_t cap, void *heap)
{
    rt_check(!c->obj.kind && !c->recvq.first && !c->sendq.first,
             "a slot is used anew that is in use");
    c->buf = heap ? heap : c->inside;
    c->end = c->buf + elem * cap;
    c->in = c->out = c->buf;
    c->elem = elem;
    c->cap = cap;
    c->in_run = rt_running();
    __atomic_store_n(&c->obj.kind, GO_KIND_CHAN, __ATOMIC_RELEASE);
}

/*
 * A channel may be made and freed before and after a run as well: by one
 * thread, for nothing runs then. Enters if there is a run to enter.
 */
static struct g *chan_enter(void)
{
    return rt_running() ? rt_enter() : NULL;
}

static void chan_leave(struct g *g)
{
    if (g)
        rt_leave(g);
}

static const char NO_MEMORY[] = "no memory for a channel";

struct go_chan *rt_chan_new(size_t elem, size_t cap, const char *type,
                            enum rt_chan_use use, const struct go_site *site,
                            const char **why)
{
    struct go_chan *c = NULL;
    void *heap = NULL;
    size_t bytes;
    struct g *g;

    *why = "makechan: size out of range";
    if (__builtin_mul_overflow(elem, cap, &bytes) || bytes > BYTES_MOST ||
        cap > PTRDIFF_MAX)
        return NULL;
    *why = "makechan: out of memory";
    if (bytes > RT_CHAN_INLINE && !(heap = malloc(bytes))) {
        rt_refused(NO_MEMORY);
        return NULL;
    }
    g = chan_enter();
    c = slot_take();
    if (c) {
        c->type = type;
        c->use = (uint8_t)use;
        c->obj.born = site;
        chan_init(c, elem, cap, heap);
    }
    chan_leave(g);
    if (c)
        return c;
    free(heap);
    rt_refused(NO_MEMORY);
    return NULL;
}

struct go_chan *go_chan_make_at(size_t elem, size_t cap, const char *type,
                                const struct go_site *site)
{
    const char *why;
    struct go_chan *c = rt_chan_new(elem, cap, type, RT_CHAN_PLAIN, site, &why);

    if (!c)
        go_panic_at(site, "%s", why);
    return c;
}

/*
 * Takes out who was served by another case of its select and has not yet come
 * to leave this queue. False: somebody waits for this channel.
 */
static bool chan_leave_served(struct go_waitq *q)
{
    struct waiter *w, *next;

    for (w = rt_waitq_first(q); w; w = next) {
        next = w->next;
        if (!w->selects ||
            !__atomic_load_n(&w->g->select_done, __ATOMIC_ACQUIRE))
            return false;
        rt_waitq_remove(w);
    }
    return true;
}

/* Why c must not be given back now: a panic's text; NULL: it may be. */
static const char *in_use(struct go_chan *c)
{
    const char *wrong = NULL;

    rt_lock(&c->lock, RT_RANK_OBJECT);
    if (c->state == RT_CHAN_FREED)
        wrong = RT_CHAN_USE_FREED;
    else if (!chan_leave_served(&c->recvq) || !chan_leave_served(&c->sendq))
        wrong = "free of channel that goroutines wait on";
    rt_unlock(&c->lock);
    return wrong;
}

void *rt_chan_retire(struct go_chan *c, const struct g *by,
                     const struct go_site *site)
{
    void *heap;

    rt_lock(&c->lock, RT_RANK_OBJECT);
    rt_check(c->state != RT_CHAN_FREED, "a channel is given back twice");
    /* at the end of a run, waiters are gone with their stacks: left alone */
    heap = c->buf == c->inside ? NULL : c->buf;
    __atomic_store_n(&c->obj.kind, GO_KIND_NONE, __ATOMIC_RELEASE);
    c->state = RT_CHAN_FREED;
    c->closed = (struct go_use){by ? by->id : 0, site};
    c->recvq = c->sendq = (struct go_waitq){NULL, NULL};
    c->len = c->cap = 0;
    c->buf = c->end = c->in = c->out = NULL;
    rt_unlock(&c->lock);
    slot_give(c);
    return heap;
}

void go_chan_free_at(struct go_chan *handle, const struct go_site *site)
{
    struct go_chan *c = rt_chan_of(handle);
    const char *wrong;
    void *heap = NULL;
    struct g *g;

    if (!c)
        return;
    g = chan_enter();
    wrong = in_use(c);
    if (g)
        rt_note(GO_NOTE_TOUCH, g, c);
    if (!wrong && c->use == RT_CHAN_TIMER && !rt_timers_release(c))
        wrong = "free of channel that belongs to a timer";
    if (!wrong)
        heap = rt_chan_retire(c, g, site);
    chan_leave(g);
    if (wrong)
        go_panic_at(site, "%s", wrong);
    free(heap);
}

void go_chan_name(struct go_chan *handle, const char *fmt, ...)
{
    struct go_chan *c = rt_chan_of(handle);
    const char *name;
    va_list ap;

    if (!c)
        return;
    va_start(ap, fmt);
    name = rt_intern_text(fmt, ap);
    va_end(ap);
    __atomic_store_n(&c->obj.name, name, __ATOMIC_RELEASE);
}

/*
 * So that each of the executions that follow one another in a controlled run
 * has its channels at the same addresses: as if no slot had been used after
 * the last that is still in use, and the free ones before it in their order.
 */
static void pool_rewind(void)
{
    struct go_chan *slots = (struct go_chan *)(void *)pool.base;
    uint32_t used = pool.used;

    while (used && slots[used - 1].state == RT_CHAN_FREED)
        used--;
    __atomic_store_n(&pool.used, used, __ATOMIC_RELEASE);
    pool.first_free = pool.last_free = NULL;
    pool.nfree = 0;
    for (uint32_t i = 0; i < used; i++)
        if (slots[i].state == RT_CHAN_FREED)
            slot_give(&slots[i]);
}

/* At the end of a run: gives back what was made in it. */
static void chan_end_run(void)
{
    uint32_t i, n = rt_chan_slots();

    for (i = 0; i < n; i++) {
        struct go_chan *c = rt_chan_slot(i);

        if (c && c->in_run)
            free(rt_chan_retire(c, NULL, NULL));
    }
    if (rt_load(rt_controlled))
        pool_rewind();
}

__attribute__((constructor)) static void chanmem_register(void)
{
    rt_at_halt(chan_end_run);
}

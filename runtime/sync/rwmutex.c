/*
 * rwmutex.c - many readers or one writer; a pending writer blocks readers.
 *
 * Method: Go's rules, under one lock. Writers have one slot, m->writer: who
 * has it holds the lock once the readers that were there before are gone, and
 * new readers queue from then on. Its unlock lets in all readers that queued
 * meanwhile, as one batch, and gives the slot to the next writer, who waits
 * for that batch. So neither kind can starve the other.
 *
 * W1  writer is 0: nobody is queued.
 * W2  writer is set, readers > 0: it is pending, and first in writers.
 * W3  writer is set, readers == 0: it holds the lock.
 * W4  readers is how many read locks are noted in held[] of all, or handed.
 *
 * Who is woken has what it waited for: the waker counts and notes it. A lock
 * is never free for somebody else in between, and no starvation needs thought.
 *
 * Lock: m->lock, rank RT_RANK_OBJECT.
 */
#include "runtime/sched/control.h"
#include "runtime/sync/held.h"
#include "runtime/sync/object.h"
#include "runtime/sync/order.h"
#include "runtime/sync/wakes.h"

static inline struct g *writer_of(const struct go_rwmutex *m)
{
    return (struct g *)m->writer;
}

/* What a writer notes that holds the lock now: W3. */
static void took(struct go_rwmutex *m, struct g *g, const struct go_site *site)
{
    rt_assert(m->readers == 0 && writer_of(m) == g, "rwmutex: W3");
    rt_hold(g, &m->obj, site, false);
}

/* The pending writer has nobody left to wait for. */
static void grant_writer_locked(struct go_rwmutex *m, struct rt_wakes *wakes)
{
    struct waiter *w = rt_waitq_first(&m->writers);

    rt_assert_held(&m->lock);
    rt_check(w && w->g == writer_of(m), "rwmutex: W2: no pending writer");
    rt_wakes_add(wakes, w);
    took(m, w->g, w->site);
}

/* Lets in everybody who waits to read. */
static void grant_readers_locked(struct go_rwmutex *m, struct rt_wakes *wakes)
{
    struct waiter *w;

    rt_assert_held(&m->lock);
    while ((w = rt_waitq_first(&m->waiting_readers))) {
        rt_wakes_add(wakes, w);
        m->readers++;
        rt_hold(w->g, &m->obj, w->site, true);
    }
}

static void lock_and_touch(struct go_rwmutex *m, const struct go_site *site)
{
    rt_lock(&m->lock, RT_RANK_OBJECT);
    rt_object_touch(&m->obj, GO_KIND_RWMUTEX, site);
}

/* Parks g in one of the queues until it has been given what it wants. */
static void wait_locked(struct go_rwmutex *m, struct g *g, bool shared,
                        const struct go_site *site)
{
    struct waiter w = {.g = g,
                       .obj = &m->obj,
                       .site = site,
                       .want = GO_WANT_UNLOCK,
                       .shared = shared};

    rt_waitq_push(shared ? &m->waiting_readers : &m->writers, &w);
    rt_park(&m->lock, shared ? GO_WAIT_RWMUTEX_RLOCK : GO_WAIT_RWMUTEX_LOCK, &w,
            1, site);
    rt_check(w.success, "rwmutex: a waiter was woken with nothing");
}

/* For races: a writer comes after all who unlocked. */
static void acquired(struct go_rwmutex *m, struct g *g)
{
    rt_race_acquire(g, m);
    rt_race_acquire(g, rt_race_readers(m));
}

void go_rwmutex_lock_at(struct go_rwmutex *m, const struct go_site *site)
{
    struct g *g = rt_enter();

    rt_point_owned(g, GO_OP_WLOCK, m, &m->writer, site); /* or is pending */
    g->last = site;
    lock_and_touch(m, site);
    if (!m->writer && !m->readers) {
        m->writer = (uintptr_t)g;
        took(m, g, site);
        rt_unlock(&m->lock);
    } else {
        rt_must_park(g, &m->lock);
        if (!m->writer)
            m->writer = (uintptr_t)g; /* pending: W2 */
        wait_locked(m, g, false, site);
    }
    acquired(m, g);
    rt_order_took(g, &m->obj, false, site);
    rt_leave(g);
}

typedef bool try_fn(struct go_rwmutex *m, struct g *g,
                    const struct go_site *site);

/* op, of which once is one attempt. */
static bool try(struct go_rwmutex *m, enum go_op op, try_fn *once,
                const struct go_site *site)
{
    struct g *g = rt_enter();
    bool got;

    rt_point_try(g, op, m, site);
    g->last = site;
    got = once(m, g, site) || (rt_missed(g, site) && once(m, g, site));
    if (!got)
        rt_note(GO_NOTE_FAILED, g, m);
    rt_leave(g);
    return got;
}

static bool lock_once(struct go_rwmutex *m, struct g *g,
                      const struct go_site *site)
{
    bool got;

    lock_and_touch(m, site);
    got = !m->writer && !m->readers;
    if (got) {
        m->writer = (uintptr_t)g;
        took(m, g, site);
        acquired(m, g);
    }
    rt_unlock(&m->lock);
    return got;
}

bool go_rwmutex_trylock_at(struct go_rwmutex *m, const struct go_site *site)
{
    return try(m, GO_OP_TRYLOCK, lock_once, site);
}

/* Whether g holds the lock for writing; m->lock is held. */
static bool owned_locked(const struct go_rwmutex *m, struct g *g)
{
    return writer_of(m) == g && !m->readers && rt_holds(g, &m->obj, false);
}

/* Unlocks, leaves, and panics with what is wrong with g's unlock. */
static __attribute__((noreturn)) void
unlock_misused(struct go_rwmutex *m, struct g *g, const struct go_site *site)
{
    bool held = m->writer && !m->readers;
    uint64_t owner = held ? rt_owner_id(&m->obj, writer_of(m), g) : 0;

    rt_note(GO_NOTE_TOUCH, g, m);
    rt_unlock(&m->lock);
    rt_leave(g);
    if (!held)
        go_panic_at(site, "sync: Unlock of unlocked RWMutex");
    go_panic_at(site, "sync: Unlock of RWMutex owned by goroutine %llu",
                (unsigned long long)owner);
}

void go_rwmutex_unlock_at(struct go_rwmutex *m, const struct go_site *site)
{
    struct rt_wakes wakes = {NULL, NULL};
    struct g *g = rt_enter();
    struct waiter *next;

    rt_point_release(g, GO_OP_UNLOCK, m, site);
    g->last = site;
    lock_and_touch(m, site);
    if (!owned_locked(m, g))
        unlock_misused(m, g, site);
    rt_unhold(g, &m->obj, false);
    rt_use(&m->unlocked, g, site);
    rt_note_release(g, m);
    acquired(m, g); /* it may have been handed over */
    rt_race_release(g, m);
    next = rt_waitq_first(&m->writers);
    m->writer = next ? (uintptr_t)next->g : 0;
    grant_readers_locked(m, &wakes);
    if (m->writer && !m->readers)
        grant_writer_locked(m, &wakes);
    rt_unlock(&m->lock);
    rt_wakes_ready(&wakes);
    rt_leave(g);
}

/* What a new reader notes. */
static void took_shared(struct go_rwmutex *m, struct g *g,
                        const struct go_site *site)
{
    rt_assert(!m->writer, "rwmutex: a reader passes a writer");
    m->readers++;
    rt_hold(g, &m->obj, site, true);
}

void go_rwmutex_rlock_at(struct go_rwmutex *m, const struct go_site *site)
{
    struct g *g = rt_enter();

    rt_point_owned(g, GO_OP_RLOCK, m, &m->writer, site);
    g->last = site;
    lock_and_touch(m, site);
    if (!m->writer) {
        took_shared(m, g, site);
        rt_unlock(&m->lock);
    } else {
        rt_must_park(g, &m->lock);
        wait_locked(m, g, true, site);
    }
    rt_race_acquire(g, m);
    rt_order_took(g, &m->obj, true, site);
    rt_leave(g);
}

static bool rlock_once(struct go_rwmutex *m, struct g *g,
                       const struct go_site *site)
{
    bool got;

    lock_and_touch(m, site);
    got = !m->writer;
    if (got) {
        took_shared(m, g, site);
        rt_race_acquire(g, m);
    }
    rt_unlock(&m->lock);
    return got;
}

bool go_rwmutex_tryrlock_at(struct go_rwmutex *m, const struct go_site *site)
{
    return try(m, GO_OP_TRYRLOCK, rlock_once, site);
}

static __attribute__((noreturn)) void
runlock_misused(struct go_rwmutex *m, struct g *g, const struct go_site *site)
{
    bool read_locked = m->readers > 0;

    rt_note(GO_NOTE_TOUCH, g, m);
    rt_unlock(&m->lock);
    rt_leave(g);
    if (!read_locked)
        go_panic_at(site, "sync: RUnlock of unlocked RWMutex");
    go_panic_at(site,
                "sync: RUnlock of RWMutex that goroutine %llu did not "
                "lock for reading",
                (unsigned long long)g->id);
}

void go_rwmutex_runlock_at(struct go_rwmutex *m, const struct go_site *site)
{
    struct rt_wakes wakes = {NULL, NULL};
    struct g *g = rt_enter();

    rt_point_release(g, GO_OP_UNLOCK, m, site);
    g->last = site;
    lock_and_touch(m, site);
    /* What is held may be of another lock that lay here, and went while it was. */
    if (!m->readers || !rt_unhold(g, &m->obj, true))
        runlock_misused(m, g, site);
    rt_note(GO_NOTE_RUNLOCK, g, m);
    rt_race_acquire(g, m); /* as above */
    rt_race_release(g, rt_race_readers(m));
    rt_use(&m->runlocked, g, site);
    if (--m->readers == 0 && m->writer)
        grant_writer_locked(m, &wakes);
    rt_unlock(&m->lock);
    rt_wakes_ready(&wakes);
    rt_leave(g);
}

/* to's waiter in q; NULL: it does not wait there. */
static struct waiter *find_locked(struct go_waitq *q, const struct g *to)
{
    struct waiter *w = rt_waitq_first(q);

    while (w && w->g != to)
        w = w->next;
    return w;
}

/*
 * Notes that to has g's lock, of whatever kind. Who waited for just that is
 * served by it: a read lock is passed on, none is added.
 */
static void pass_locked(struct go_rwmutex *m, struct g *g, struct g *to,
                        bool shared, struct rt_handed *entry,
                        struct rt_wakes *wakes, const struct go_site *site)
{
    struct waiter *w =
        find_locked(shared ? &m->waiting_readers : &m->writers, to);

    rt_assert_held(&m->lock);
    if (w) {
        rt_wakes_add(wakes, w);
        rt_hold(to, &m->obj, w->site, shared);
        rt_causal_give(g, to);
        rt_handed_drop(entry);
    } else {
        rt_handed_give(entry, to, &m->obj, site, shared);
    }
}

/* Both kinds of hand-over; shared: of a read lock. */
static void hand_over(struct go_rwmutex *m, uint64_t goroutine, bool shared,
                      const struct go_site *site)
{
    struct rt_wakes wakes = {NULL, NULL};
    struct rt_handed *entry = rt_handed_make();
    struct g *g = rt_enter(), *to = rt_g_find(goroutine);

    g->last = site;
    lock_and_touch(m, site);
    if (shared ? !rt_holds(g, &m->obj, true) : !owned_locked(m, g)) {
        rt_handed_drop(entry);
        if (shared)
            runlock_misused(m, g, site);
        unlock_misused(m, g, site);
    }
    if (!to || !entry) {
        rt_handed_drop(entry);
        rt_unlock(&m->lock);
        rt_hand_over_failed(g, goroutine, site);
    }
    rt_unhold(g, &m->obj, shared);
    rt_note(GO_NOTE_TOUCH, g, m);
    rt_race_release(g, m);
    rt_use(shared ? &m->runlocked : &m->unlocked, g, site);
    if (!shared)
        m->writer = (uintptr_t)to;
    pass_locked(m, g, to, shared, entry, &wakes, site);
    rt_unlock(&m->lock);
    rt_wakes_ready(&wakes);
    rt_leave(g);
}

void go_rwmutex_hand_over_at(struct go_rwmutex *m, uint64_t goroutine,
                             const struct go_site *site)
{
    hand_over(m, goroutine, false, site);
}

void go_rwmutex_rhand_over_at(struct go_rwmutex *m, uint64_t goroutine,
                              const struct go_site *site)
{
    hand_over(m, goroutine, true, site);
}

void(go_rwmutex_lock)(struct go_rwmutex *m)
{
    go_rwmutex_lock_at(m, RT_HERE());
}

void(go_rwmutex_unlock)(struct go_rwmutex *m)
{
    go_rwmutex_unlock_at(m, RT_HERE());
}

bool(go_rwmutex_trylock)(struct go_rwmutex *m)
{
    return go_rwmutex_trylock_at(m, RT_HERE());
}

void(go_rwmutex_rlock)(struct go_rwmutex *m)
{
    go_rwmutex_rlock_at(m, RT_HERE());
}

void(go_rwmutex_runlock)(struct go_rwmutex *m)
{
    go_rwmutex_runlock_at(m, RT_HERE());
}

bool(go_rwmutex_tryrlock)(struct go_rwmutex *m)
{
    return go_rwmutex_tryrlock_at(m, RT_HERE());
}

void(go_rwmutex_hand_over)(struct go_rwmutex *m, uint64_t goroutine)
{
    go_rwmutex_hand_over_at(m, goroutine, RT_HERE());
}

void(go_rwmutex_rhand_over)(struct go_rwmutex *m, uint64_t goroutine)
{
    go_rwmutex_rhand_over_at(m, goroutine, RT_HERE());
}

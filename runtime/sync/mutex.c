/*
 * mutex.c - the mutex: owned, in order, nobody starves.
 *
 * Method: the owner word holds the goroutine that has it; locking a free one
 * is one compare-and-swap, or, in a solo run, a plain store. Who finds it
 * taken spins a while if the owner is running on another worker, then queues
 * and parks. An unlock frees the mutex first and wakes the oldest waiter
 * then, so a running goroutine may pass by ("barging"): handing over at each
 * unlock would cost a switch each time. The woken one, passed over, goes back
 * to the front and is owed the mutex: the next unlock hands it over. No clock
 * decides, so nobody starves on a virtual one either.
 *
 * M1  owner is 0, or the goroutine whose held[] has the mutex, or one that a
 *     hand-over is bringing it to.
 * M2  The low bit of owner, "unlock must look at the queue", is set if and
 *     only if somebody is queued and nobody woken is on the way.
 * M3  A free mutex has an empty queue, or somebody woken on the way.
 * M4  At most one woken waiter is on the way.
 *
 * Lock: m->lock, rank RT_RANK_OBJECT, for the queue, handoff and the bit;
 * only the owner or, from 0, a new owner changes the rest of the word.
 *
 * After the word is 0 with nobody queued, or the lock released, nothing here
 * touches the mutex: who gets it may free it.
 */
#include "runtime/sync/mutex.h"

#include "runtime/sched/control.h"
#include "runtime/sync/held.h"
#include "runtime/sync/object.h"
#include "runtime/sync/order.h"
#include "runtime/sync/waitq.h"

#define WAITERS ((uintptr_t)1)

/* m->handoff */
enum {
    CALM,  /* nobody woken is on the way */
    WOKEN, /* somebody is, M4 */
    OWED,  /* the first in the queue was passed over */
};

/* Pauses between two looks at the word: about 20 us in all. */
enum {
    SPIN_FIRST = 32,
    SPIN_LAST = 512
};

static inline uintptr_t word_of(const struct go_mutex *m)
{
    return __atomic_load_n(&m->owner, __ATOMIC_RELAXED);
}

/* From one word to another; false: it was not that any more. */
static inline bool change(struct go_mutex *m, uintptr_t from, uintptr_t to)
{
    if (rt_load(rt_solo)) {
        if (m->owner != from)
            return false;
        m->owner = to;
        return true;
    }
    return __atomic_compare_exchange_n(&m->owner, &from, to, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* What a new owner notes. */
static inline void took(struct go_mutex *m, struct g *g,
                        const struct go_site *site)
{
    rt_object_touch(&m->obj, GO_KIND_MUTEX, site);
    rt_hold(g, &m->obj, site, false);
}

/* What an owner notes that is about to unlock. */
static inline void gives(struct go_mutex *m, struct g *g,
                         const struct go_site *site)
{
    rt_record(g->last = site);
    rt_use(&m->unlocked, g, site);
}

/* Tries while the owner runs elsewhere, and so may be done at any moment. */
static bool spin(struct go_mutex *m, struct g *g)
{
    for (int pauses = SPIN_FIRST; pauses <= SPIN_LAST; pauses *= 2) {
        const struct g *owner = rt_owner_g(word_of(m));

        if (owner == g || (owner && rt_g_status(owner) != RT_G_RUNNING))
            return false;
        for (int i = 0; i < pauses; i++)
            rt_cpu_relax();
        if (word_of(m) == 0 && change(m, 0, (uintptr_t)g))
            return true;
    }
    return false;
}

/* The bit of M2 as it must be now. */
static uintptr_t bit_locked(const struct go_mutex *m)
{
    rt_assert_held(&m->lock);
    return rt_waitq_first(&m->waiters) && m->handoff != WOKEN ? WAITERS : 0;
}

/* Takes m if it is free. */
static bool take_locked(struct go_mutex *m, struct g *g)
{
    rt_assert_held(&m->lock);
    return word_of(m) == 0 && change(m, 0, (uintptr_t)g | bit_locked(m));
}

/* Sets the bit for who is in the queue; false: m was unlocked meanwhile. */
static bool mark_locked(struct go_mutex *m)
{
    uintptr_t bit = bit_locked(m), word;

    do {
        word = word_of(m);
        if (word == 0)
            return false;
    } while ((word & WAITERS) != bit && !change(m, word, word | bit));
    return true;
}

/* Queues w; false: m is free and so is taken instead. */
static bool queue_locked(struct go_mutex *m, struct waiter *w)
{
    rt_object_touch(&m->obj, GO_KIND_MUTEX, w->site);
    for (;;) {
        if (take_locked(m, w->g))
            return false;
        rt_waitq_push(&m->waiters, w);
        if (mark_locked(m))
            return true;
        rt_waitq_remove(w);
    }
}

/*
 * w was woken to a free mutex. It takes it, or, passed over, goes back to the
 * front of the queue; or it was made the owner on its way.
 */
static bool arrive_locked(struct go_mutex *m, struct waiter *w)
{
    rt_check(m->handoff == WOKEN, "mutex: M4: nobody was on the way");
    m->handoff = CALM;
    if (rt_owner_g(word_of(m)) == w->g) {
        __atomic_store_n(&m->owner, (uintptr_t)w->g | bit_locked(m),
                         __ATOMIC_RELAXED);
        w->success = true; /* and noted as held by who handed it over */
        return true;
    }
    for (;;) {
        if (take_locked(m, w->g))
            return true;
        rt_waitq_push_front(&m->waiters, w);
        m->handoff = OWED;
        if (mark_locked(m))
            return false;
        rt_waitq_remove(w);
        m->handoff = CALM;
    }
}

static __attribute__((noinline)) void
acquire_slow(struct go_mutex *m, struct g *g, const struct go_site *site)
{
    struct waiter w = {
        .g = g, .obj = &m->obj, .site = site, .want = GO_WANT_UNLOCK};
    bool got;

    if (!rt_load(rt_solo) && spin(m, g)) {
        took(m, g, site);
        return;
    }
    rt_lock(&m->lock, RT_RANK_OBJECT);
    got = take_locked(m, g);
    if (!got)
        rt_must_park(g, &m->lock);
    if (!got && queue_locked(m, &w)) {
        do {
            rt_park(&m->lock, GO_WAIT_MUTEX, &w, 1, site);
            if (w.success)
                return; /* handed over, and noted so by who did it */
            rt_lock(&m->lock, RT_RANK_OBJECT);
        } while (!arrive_locked(m, &w));
    }
    rt_unlock(&m->lock);
    if (!w.success)
        took(m, g, site);
}

/* Takes m if nobody has it. */
static inline bool acquire_free(struct go_mutex *m, struct g *g,
                                const struct go_site *site)
{
    rt_record(g->last = site);
    if (rt_unlikely(!change(m, 0, (uintptr_t)g)))
        return false;
    took(m, g, site);
    return true;
}

/* Takes m, sooner or later. */
static inline void acquire(struct go_mutex *m, struct g *g,
                           const struct go_site *site)
{
    if (!acquire_free(m, g, site))
        acquire_slow(m, g, site);
    rt_race_acquire(g, m);
    rt_order_took(g, &m->obj, false, site);
}

/* Makes w, the one in the queue that it is for, the owner. */
static void give_locked(struct go_mutex *m, struct waiter *w)
{
    if (m->handoff == OWED && w == rt_waitq_first(&m->waiters))
        m->handoff = CALM;
    rt_waitq_remove(w);
    w->success = true;
    rt_hold(w->g, &m->obj, w->site, false); /* it is parked */
    __atomic_store_n(&m->owner, (uintptr_t)w->g | bit_locked(m),
                     __ATOMIC_RELEASE);
}

/* Unlocks with somebody in the queue. */
static void release_slow(struct go_mutex *m)
{
    struct waiter *w;
    struct g *next;

    rt_lock(&m->lock, RT_RANK_OBJECT);
    w = rt_waitq_first(&m->waiters);
    rt_check(w && m->handoff != WOKEN, "mutex: M2: the bit tells of nobody");
    next = w->g;
    if (m->handoff == OWED) {
        give_locked(m, w);
    } else {
        rt_waitq_remove(w);
        m->handoff = WOKEN;
        __atomic_store_n(&m->owner, 0, __ATOMIC_RELEASE);
    }
    rt_unlock(&m->lock);
    rt_ready(next);
}

/* Notes that g owns m no more; false: it did not. */
static inline bool disown(struct go_mutex *m, struct g *g,
                          const struct go_site *site)
{
    if (rt_unlikely(rt_owner_g(word_of(m)) != g) ||
        rt_unlikely(!rt_unhold(g, &m->obj, false)))
        return false;
    gives(m, g, site);
    return true;
}

bool rt_mutex_owned(const struct go_mutex *m, const struct g *g)
{
    return rt_owner_g(word_of(m)) == g;
}

void rt_mutex_acquire(struct go_mutex *m, struct g *g,
                      const struct go_site *site)
{
    rt_assert(!rt_is_foreign(g), "mutex: a thread would park");
    rt_point_owned(g, GO_OP_LOCK, m, &m->owner, site);
    acquire(m, g, site);
}

bool rt_mutex_release(struct go_mutex *m, struct g *g,
                      const struct go_site *site)
{
    rt_point_release(g, GO_OP_UNLOCK, m, site);
    if (!disown(m, g, site))
        return false;
    rt_note_release(g, m);
    rt_race_acquire(g, m); /* it may have been handed over */
    rt_race_release(g, m);
    if (!change(m, (uintptr_t)g, 0))
        release_slow(m);
    return true;
}

void rt_mutex_misused(const struct go_mutex *m, struct g *g,
                      const struct go_site *site)
{
    const struct g *owner = rt_owner_g(word_of(m));
    uint64_t id = owner ? rt_owner_id(&m->obj, owner, g) : 0;

    rt_note(GO_NOTE_TOUCH, g, m);
    rt_leave(g);
    if (!owner)
        go_panic_at(site, "sync: unlock of unlocked mutex");
    go_panic_at(site, "sync: unlock of mutex owned by goroutine %llu",
                (unsigned long long)id);
}

/* From within the runtime or, with g NULL, from a thread outside it. */
static __attribute__((noinline)) void lock_slow(struct go_mutex *m, struct g *g,
                                                const struct go_site *site)
{
    if (!g)
        g = rt_enter();
    rt_point_owned(g, GO_OP_LOCK, m, &m->owner, site);
    acquire(m, g, site);
    rt_leave(g);
}

/* The same; g has not noted anything yet. */
static __attribute__((noinline)) void
unlock_slow(struct go_mutex *m, struct g *g, const struct go_site *site)
{
    if (!g)
        g = rt_enter();
    if (!rt_mutex_release(m, g, site))
        rt_mutex_misused(m, g, site);
    rt_leave(g);
}

/* The same; only to wake somebody is left to do. */
static __attribute__((noinline)) void unlock_and_wake(struct go_mutex *m,
                                                      struct g *g)
{
    release_slow(m);
    rt_leave(g);
}

/* In a controlled run, by who runs. */
static __attribute__((noinline)) void
lock_controlled(struct go_mutex *m, struct g *g, const struct go_site *site)
{
    rt_point_slow(g, GO_OP_LOCK, m, (const rt_guard *)&m->owner, site);
    if (rt_unlikely(!rt_load(rt_solo) || g->nheld || m->owner)) {
        acquire(m, g, site);
    } else {
        m->owner = (uintptr_t)g;
        rt_object_touch(&m->obj, GO_KIND_MUTEX, site);
        rt_hold_only(g, &m->obj, site, false);
        rt_race_acquire(g, m);
    }
    rt_leave_fast(rt_m());
}

/* In a run that is not quick, or by who holds other locks, which has that
   noted. g: NULL on a thread; it has entered, else. */
static __attribute__((noinline)) void
lock_shared(struct go_mutex *m, struct g *g, const struct go_site *site)
{
    if (g && rt_load(rt_controlled)) {
        lock_controlled(m, g, site);
        return;
    }
    if (rt_unlikely(!g || g->nheld || !change(m, 0, (uintptr_t)g))) {
        lock_slow(m, g, site);
        return;
    }
    rt_record(g->last = site);
    rt_object_touch(&m->obj, GO_KIND_MUTEX, site);
    rt_hold_only(g, &m->obj, site, false);
    rt_leave_fast(rt_m());
}

/* The same. */
static __attribute__((noinline)) void
unlock_shared(struct go_mutex *m, struct g *g, const struct go_site *site)
{
    if (rt_unlikely(!g || rt_owner_g(word_of(m)) != g ||
                    rt_load(rt_releases_seen) ||
                    !rt_unhold_only(g, &m->obj, false))) {
        unlock_slow(m, g, site);
        return;
    }
    gives(m, g, site);
    if (rt_likely(change(m, (uintptr_t)g, 0)))
        rt_leave_fast(rt_m());
    else
        unlock_and_wake(m, g);
}

/*
 * Nearly all there is to a pair in a solo run: two dozen instructions each,
 * and what they store is what takes the time. To look first whether it is
 * there already costs more.
 */
void go_mutex_lock_at(struct go_mutex *m, const struct go_site *site)
{
    struct m *worker;
    struct g *g = rt_enter_fast(&worker);

    if (rt_unlikely(!g || !rt_load(rt_quick) || g->nheld || m->owner)) {
        lock_shared(m, g, site);
        return;
    }
    m->owner = (uintptr_t)g;
    rt_record(g->last = site);
    rt_object_touch(&m->obj, GO_KIND_MUTEX, site);
    rt_hold_only(g, &m->obj, site, false);
    rt_leave_fast(worker);
}

void go_mutex_unlock_at(struct go_mutex *m, const struct go_site *site)
{
    struct m *worker;
    struct g *g = rt_enter_fast(&worker);

    if (rt_unlikely(!g || !rt_load(rt_quick_release) ||
                    m->owner != (uintptr_t)g ||
                    !rt_unhold_only(g, &m->obj, false))) {
        unlock_shared(m, g, site);
        return;
    }
    gives(m, g, site);
    m->owner = 0;
    rt_leave_fast(worker);
}

bool go_mutex_trylock_at(struct go_mutex *m, const struct go_site *site)
{
    struct g *g = rt_enter();
    bool got;

    rt_point_try(g, GO_OP_TRYLOCK, m, site);
    got = word_of(m) == 0 && change(m, 0, (uintptr_t)g);
    rt_record(g->last = site);
    if (got) {
        took(m, g, site);
        rt_race_acquire(g, m);
    } else {
        rt_note(GO_NOTE_FAILED, g, m);
    }
    rt_leave(g);
    return got;
}

/* The waiter of g in the queue; NULL: it is not there. */
static struct waiter *waiter_of_locked(struct go_mutex *m, const struct g *g)
{
    struct waiter *w = rt_waitq_first(&m->waiters);

    while (w && w->g != g)
        w = w->next;
    return w;
}

/* From g, who owns it, to another; true: to waited for it, and is to be woken. */
static bool hand_over(struct go_mutex *m, struct g *g, struct g *to,
                      struct rt_handed *entry, const struct go_site *site)
{
    struct waiter *w;

    if (!rt_unhold(g, &m->obj, false))
        rt_mutex_misused(m, g, site);
    rt_note(GO_NOTE_TOUCH, g, m);
    rt_race_release(g, m);
    rt_use(&m->unlocked, g, site);
    rt_lock(&m->lock, RT_RANK_OBJECT);
    w = waiter_of_locked(m, to);
    if (w) {
        give_locked(m, w);
        rt_causal_give(g, to);
        rt_handed_drop(entry);
    } else {
        rt_handed_give(entry, to, &m->obj, site, false);
        __atomic_store_n(&m->owner, (uintptr_t)to | bit_locked(m),
                         __ATOMIC_RELEASE);
    }
    rt_unlock(&m->lock);
    return w != NULL;
}

void go_mutex_hand_over_at(struct go_mutex *m, uint64_t goroutine,
                           const struct go_site *site)
{
    struct rt_handed *entry = rt_handed_make();
    struct g *g = rt_enter(), *to = rt_g_find(goroutine);

    rt_record(g->last = site);
    if (!rt_mutex_owned(m, g) || !to || !entry) {
        rt_handed_drop(entry);
        if (!rt_mutex_owned(m, g))
            rt_mutex_misused(m, g, site);
        rt_hand_over_failed(g, goroutine, site);
    }
    if (to == g)
        rt_handed_drop(entry);
    else if (hand_over(m, g, to, entry, site))
        rt_ready(to);
    rt_leave(g);
}

void(go_mutex_lock)(struct go_mutex *m)
{
    go_mutex_lock_at(m, RT_HERE());
}

void(go_mutex_unlock)(struct go_mutex *m)
{
    go_mutex_unlock_at(m, RT_HERE());
}

bool(go_mutex_trylock)(struct go_mutex *m)
{
    return go_mutex_trylock_at(m, RT_HERE());
}

void(go_mutex_hand_over)(struct go_mutex *m, uint64_t goroutine)
{
    go_mutex_hand_over_at(m, goroutine, RT_HERE());
}

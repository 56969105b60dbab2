/*
 * mutex.c - the mutex: owned, in order, nobody starves.
 *
 * Method: the owner word holds the goroutine that has it; locking a free one
 * is one compare-and-swap, or, in a solo run, a plain store. Who finds it
 * taken, and who unlocks one that others wait for, goes to mutex_queue.c,
 * where M2 to M4 are.
 *
 * M1  owner is 0, or the goroutine whose held[] has the mutex, or one that a
 *     hand-over is bringing it to.
 *
 * Only the owner or, from 0, a new owner changes the word, but for its bit.
 *
 * After the word is 0 with nobody queued, or the lock released, nothing here
 * touches the mutex: who gets it may free it.
 */
#include "runtime/sync/mutex.h"

#include "runtime/sched/point.h"
#include "runtime/sync/mutex_queue.h"
#include "runtime/sync/order.h"

/* What an owner notes that is about to unlock. */
static inline void gives(struct go_mutex *m, struct g *g,
                         const struct go_site *site)
{
    rt_record(g->last = site);
    rt_use(&m->unlocked, g, site);
}

/* Takes m if nobody has it. */
static inline bool acquire_free(struct go_mutex *m, struct g *g,
                                const struct go_site *site)
{
    rt_record(g->last = site);
    if (rt_unlikely(!rt_mutex_change(m, 0, (uintptr_t)g)))
        return false;
    rt_mutex_took(m, g, site);
    return true;
}

/* Takes m, sooner or later. */
static inline void acquire(struct go_mutex *m, struct g *g,
                           const struct go_site *site)
{
    if (!acquire_free(m, g, site))
        rt_mutex_wait(m, g, site);
    rt_race_acquire(g, m);
    rt_order_took(g, &m->obj, false, site);
}

/* Notes that g owns m no more; false: it did not. */
static inline bool disown(struct go_mutex *m, struct g *g,
                          const struct go_site *site)
{
    if (rt_unlikely(rt_owner_g(rt_mutex_word(m)) != g) ||
        rt_unlikely(!rt_unhold(g, &m->obj, false)))
        return false;
    gives(m, g, site);
    return true;
}

bool rt_mutex_owned(const struct go_mutex *m, const struct g *g)
{
    return rt_owner_g(rt_mutex_word(m)) == g;
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
    if (!rt_mutex_change(m, (uintptr_t)g, 0))
        rt_mutex_wake(m);
    return true;
}

void rt_mutex_misused(const struct go_mutex *m, struct g *g,
                      const struct go_site *site)
{
    const struct g *owner = rt_owner_g(rt_mutex_word(m));
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
    rt_mutex_wake(m);
    rt_leave(g);
}

/* In a controlled run, by who runs. */
static __attribute__((noinline)) void
lock_controlled(struct go_mutex *m, struct g *g, const struct go_site *site)
{
    rt_point_plain(g, GO_OP_LOCK, m, (const rt_guard *)&m->owner, site);
    rt_again(m);
    rt_again(g);
    rt_again(site);
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
    if (rt_unlikely(!g || g->nheld || !rt_mutex_change(m, 0, (uintptr_t)g))) {
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
    if (rt_unlikely(!g || rt_owner_g(rt_mutex_word(m)) != g ||
                    rt_load(rt_releases_seen) ||
                    !rt_unhold_only(g, &m->obj, false))) {
        unlock_slow(m, g, site);
        return;
    }
    gives(m, g, site);
    if (rt_likely(rt_mutex_change(m, (uintptr_t)g, 0)))
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

static bool trylock(struct go_mutex *m, struct g *g)
{
    return rt_mutex_word(m) == 0 && rt_mutex_change(m, 0, (uintptr_t)g);
}

bool go_mutex_trylock_at(struct go_mutex *m, const struct go_site *site)
{
    struct g *g = rt_enter();
    bool got;

    rt_point_try(g, GO_OP_TRYLOCK, m, site);
    got = trylock(m, g) || (rt_missed(g, site) && trylock(m, g));
    rt_record(g->last = site);
    if (got) {
        rt_mutex_took(m, g, site);
        rt_race_acquire(g, m);
    } else {
        rt_note(GO_NOTE_FAILED, g, m);
    }
    rt_leave(g);
    return got;
}

/* From g, who owns it, to another; true: to waited for it, and is to be woken. */
static bool hand_over(struct go_mutex *m, struct g *g, struct g *to,
                      struct rt_handed *entry, const struct go_site *site)
{
    if (!rt_unhold(g, &m->obj, false))
        rt_mutex_misused(m, g, site);
    rt_note(GO_NOTE_TOUCH, g, m);
    rt_race_release(g, m);
    rt_use(&m->unlocked, g, site);
    return rt_mutex_give(m, g, to, entry, site);
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

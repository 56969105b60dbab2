/*
 * mutex_queue.c - who waits for a mutex, and who is given it.
 *
 * In: from mutex.c, who found it taken, and owners that unlock it with somebody
 * in the queue or hand it over. Out: a new owner; who is woken.
 *
 * Method: who finds it taken spins a while if the owner is running on another
 * worker, then queues and parks. An unlock frees the mutex first and wakes the
 * oldest waiter then, so a running goroutine may pass by ("barging"): handing
 * over at each unlock would cost a switch each time. The woken one, passed
 * over, goes back to the front and is owed the mutex: the next unlock hands it
 * over. No clock decides, so nobody starves on a virtual one either.
 *
 * M2  The low bit of owner, "unlock must look at the queue", is set if and
 *     only if somebody is queued and nobody woken is on the way.
 * M3  A free mutex has an empty queue, or somebody woken on the way.
 * M4  At most one woken waiter is on the way.
 *
 * Lock: m->lock, rank RT_RANK_OBJECT, for the queue, handoff and the bit.
 */
#include "runtime/sync/mutex_queue.h"

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

/* Tries while the owner runs elsewhere, and so may be done at any moment. */
static bool spin(struct go_mutex *m, struct g *g)
{
    for (int pauses = SPIN_FIRST; pauses <= SPIN_LAST; pauses *= 2) {
        const struct g *owner = rt_owner_g(rt_mutex_word(m));

        if (owner == g || (owner && rt_g_status(owner) != RT_G_RUNNING))
            return false;
        for (int i = 0; i < pauses; i++)
            rt_cpu_relax();
        if (rt_mutex_word(m) == 0 && rt_mutex_change(m, 0, (uintptr_t)g))
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
    return rt_mutex_word(m) == 0 &&
           rt_mutex_change(m, 0, (uintptr_t)g | bit_locked(m));
}

/* Sets the bit for who is in the queue; false: m was unlocked meanwhile. */
static bool mark_locked(struct go_mutex *m)
{
    uintptr_t bit = bit_locked(m), word;

    do {
        word = rt_mutex_word(m);
        if (word == 0)
            return false;
    } while ((word & WAITERS) != bit && !rt_mutex_change(m, word, word | bit));
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
    if (rt_owner_g(rt_mutex_word(m)) == w->g) {
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

void rt_mutex_wait(struct go_mutex *m, struct g *g, const struct go_site *site)
{
    struct waiter w = {
        .g = g, .obj = &m->obj, .site = site, .want = GO_WANT_UNLOCK};
    bool got;

    if (!rt_load(rt_solo) && spin(m, g)) {
        rt_mutex_took(m, g, site);
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
        rt_mutex_took(m, g, site);
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

void rt_mutex_wake(struct go_mutex *m)
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

/* The waiter of g in the queue; NULL: it is not there. */
static struct waiter *waiter_of_locked(struct go_mutex *m, const struct g *g)
{
    struct waiter *w = rt_waitq_first(&m->waiters);

    while (w && w->g != g)
        w = w->next;
    return w;
}

bool rt_mutex_give(struct go_mutex *m, struct g *g, struct g *to,
                   struct rt_handed *entry, const struct go_site *site)
{
    struct waiter *w;

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

/*
 * outer_lock.c - who waits for locks and units of the C library's, has them, and
 * lets go of them.
 *
 * In:  whoever stands in front of the C library (vigil/outer.h). Out: points,
 * and what outer.c notes; its L1 to L3 are meant here.
 */
#include "runtime/sched/elsewhere.h"
#include "runtime/sched/race.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/cond.h"
#include "runtime/sync/held.h"
#include "runtime/sync/object.h"
#include "runtime/sync/outers.h"
#include "runtime/sync/waitq.h"

/* ---- to wait ---------------------------------------------------------------*/

struct limited {
    struct rt_await await;
    struct rt_timer timer;
    struct rt_outer *x;
    struct waiter w;
};

static void expire(struct rt_timer *t, int64_t now)
{
    struct limited *l = t->arg;
    bool waits;

    (void)now;
    l->await.expired = true;
    rt_lock(&l->x->lock, RT_RANK_OBJECT);
    waits = l->w.queue != NULL;
    rt_waitq_remove(&l->w);
    rt_unlock(&l->x->lock);
    if (waits)
        rt_ready(t->g);
}

static enum go_wait_reason reason_of(enum go_kind kind, bool shared)
{
    switch (kind) {
    case GO_KIND_RWMUTEX:
        return shared ? GO_WAIT_RWMUTEX_RLOCK : GO_WAIT_RWMUTEX_LOCK;
    case GO_KIND_ONCE:
        return GO_WAIT_ONCE;
    case GO_KIND_SEMAPHORE:
        return GO_WAIT_SEMAPHORE;
    default:
        return GO_WAIT_MUTEX;
    }
}

static enum go_want want_of(enum go_kind kind)
{
    return kind == GO_KIND_ONCE        ? GO_WANT_DONE
           : kind == GO_KIND_SEMAPHORE ? GO_WANT_RELEASE
                                       : GO_WANT_UNLOCK;
}

/* L1 */
static void park(struct limited *l, const struct go_outer_wait *how)
{
    struct waiter *w = &l->w;

    rt_lock(&l->x->lock, RT_RANK_OBJECT);
    rt_waitq_push(&l->x->waiters, w);
    rt_park_until(&l->x->lock,
                  reason_of((enum go_kind)l->x->as.obj.kind, how->shared), w, 1,
                  w->site, how->until == INT64_MAX ? -1 : how->until);
}

static bool wait(struct limited *l, struct g *g,
                 const struct go_outer_wait *how)
{
    l->await.expired = how->until <= rt_now();
    if (how->until != INT64_MAX && !l->await.expired)
        rt_timer_arm(&l->timer, how->until, 0);
    if (how->until == INT64_MAX)
        l->await.w = &l->w;
    if (rt_is_controlled(g))
        rt_elsewhere_await(g, &l->await);
    g->last = l->w.site;
    while (!rt_await_is_over(&l->await))
        if (!rt_elsewhere_helped(l->w.site))
            park(l, how);
    rt_timer_disarm(&l->timer);
    return l->await.ready(l->await.key);
}

bool go_outer_await(const struct go_outer *o, const struct go_outer_wait *how)
{
    struct limited l = {
        .await = {.reason = reason_of((enum go_kind)o->kind, how->shared),
                  .ready = how->ready,
                  .key = o->key}};
    const struct go_site *site;
    struct g *g = rt_enter();
    bool ready = false;

    site = rt_site_at(o->pc);
    l.await.p.at = (struct go_point){
        .op = (uint16_t)how->op, .object = (const void *)o->key, .site = site};
    if (how->until != INT64_MAX && rt_is_controlled(g))
        rt_point_more(GO_MORE_RELEASES);
    l.x = rt_outer_get(o, site);
    if (l.x) {
        rt_waiter_init(&l.w, g, &l.x->as.obj, NULL,
                       want_of((enum go_kind)o->kind), site);
        l.w.shared = how->shared;
        l.timer = (struct rt_timer){.fire = expire,
                                    .g = g,
                                    .arg = &l,
                                    .site = site,
                                    .kind = RT_TIMER_WAKE};
        ready = wait(&l, g, how);
    } else if (rt_is_controlled(g)) {
        rt_elsewhere_await(g, &l.await); /* where the execution is cut off */
    }
    rt_leave(g);
    return ready;
}

void go_outer_try(const struct go_outer *o, enum go_op op)
{
    struct g *g = rt_enter();

    rt_point_try(g, op, (const void *)o->key, rt_site_at(o->pc));
    rt_leave(g);
}

/* ---- to have, and to let go of ---------------------------------------------*/

static void set_owner(struct rt_outer *x, struct g *g,
                      const struct go_site *site)
{
    if (x->owner != g->id) {
        rt_outer_clear(x);
        rt_hold(g, &x->as.obj, site, false);
    }
    x->owner = g->id;
    x->depth++;
    if (x->as.obj.kind == GO_KIND_RWMUTEX)
        x->as.rwmutex.writer = (uintptr_t)g;
    else if (x->as.obj.kind == GO_KIND_ONCE)
        x->as.once.runner = (uintptr_t)g;
    else
        x->as.mutex.owner = (uintptr_t)g;
}

/* What readers release comes before a writer, but not before a reader. */
static void acquire(const struct g *g, const struct rt_outer *x, bool shared)
{
    const void *key = (const void *)x->key;

    rt_race_acquire(g, key);
    if (x->as.obj.kind == GO_KIND_RWMUTEX && !shared)
        rt_race_acquire(g, rt_race_readers(key));
}

static void takes(struct rt_outer *x, struct g *g, const struct go_site *site,
                  bool shared)
{
    acquire(g, x, shared);
    if (x->as.obj.kind == GO_KIND_SEMAPHORE) {
        rt_use(&x->as.sema.acquired, g, site);
    } else if (shared && x->as.obj.kind == GO_KIND_RWMUTEX) {
        x->as.rwmutex.readers++;
        rt_hold(g, &x->as.obj, site, true);
    } else if (!shared) {
        set_owner(x, g, site);
    }
}

void go_outer_took(const struct go_outer *o, bool shared)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(o->pc);
    struct rt_outer *x = rt_outer_get(o, site);

    if (x)
        takes(x, g, site, shared);
    rt_leave(g);
}

static void gives_to_write(struct rt_outer *x, struct g *g,
                           const struct go_site *site)
{
    if (x->depth-- > 1)
        return;
    rt_note_release(g, (const void *)x->key);
    rt_race_release(g, (const void *)x->key);
    if (x->as.obj.kind == GO_KIND_MUTEX)
        rt_use(&x->as.mutex.unlocked, g, site);
    else if (x->as.obj.kind == GO_KIND_RWMUTEX)
        rt_use(&x->as.rwmutex.unlocked, g, site);
    rt_outer_clear(x);
    rt_outer_wake(x);
}

static void gives_to_read(struct rt_outer *x, struct g *g,
                          const struct go_site *site)
{
    const void *key = (const void *)x->key;

    rt_note(GO_NOTE_RUNLOCK, g, key);
    rt_race_release(g, rt_race_readers(key));
    rt_use(&x->as.rwmutex.runlocked, g, site);
    if (rt_unhold(g, &x->as.obj, true))
        x->as.rwmutex.readers--;
    else
        x->as.rwmutex.readers = 0; /* L3: who has it is not known any more */
    rt_outer_wake(x);
}

static void gives_units(struct rt_outer *x, struct g *g,
                        const struct go_site *site)
{
    const void *key = (const void *)x->key;

    rt_note(GO_NOTE_UNITS, g, key);
    rt_race_release(g, key);
    rt_use(&x->as.sema.released, g, site);
    rt_outer_wake(x);
}

/* L3: of somebody else, or of nobody that is known. */
static void gives_others(struct rt_outer *x, struct g *g)
{
    rt_note(GO_NOTE_TOUCH, g, (const void *)x->key);
    rt_outer_clear(x);
    rt_outer_wake(x);
}

static void gives(struct rt_outer *x, struct g *g, const struct go_site *site)
{
    if (x->as.obj.kind == GO_KIND_SEMAPHORE)
        gives_units(x, g, site);
    else if (x->owner == g->id)
        gives_to_write(x, g, site);
    else if (x->as.obj.kind == GO_KIND_RWMUTEX && x->as.rwmutex.readers > 0)
        gives_to_read(x, g, site);
    else
        gives_others(x, g);
}

bool go_outer_gives(const struct go_outer *o)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(o->pc);
    struct rt_outer *x = rt_outer_get(o, site);
    bool own = true;

    if (o->kind == GO_KIND_SEMAPHORE)
        rt_point_release(g, GO_OP_RELEASE, (const void *)o->key, site);
    else if (o->kind != GO_KIND_ONCE)
        rt_point_release(g, GO_OP_UNLOCK, (const void *)o->key, site);
    g->last = site;
    if (x) {
        own = !x->owner || x->owner == g->id;
        gives(x, g, site);
    }
    rt_leave(g);
    return own;
}

uint32_t go_outer_depth(const struct go_outer *o)
{
    struct g *g = rt_enter();
    const struct rt_outer *x = rt_outer_find(o->key);
    uint32_t depth = x && x->owner == g->id ? x->depth : 0;

    rt_leave(g);
    return depth;
}

bool go_outer_is_held(const volatile void *key)
{
    const struct rt_outer *x = rt_outer_find(key);

    return x && x->owner;
}

/* ---- the same, of who makes no choices -------------------------------------*/

/* What was used as the same in this execution; NULL: nothing is known of it. */
static struct rt_outer *known(const struct go_outer *o)
{
    struct rt_outer *x = rt_outer_find(o->key);

    if (!x || x->as.obj.kind != o->kind)
        return NULL;
    rt_elsewhere_unasked();
    return x;
}

void go_outer_takes_beside(const struct go_outer *o, bool shared)
{
    struct g *g = rt_enter();
    struct rt_outer *x = known(o);

    if (x)
        takes(x, g, rt_site_at(o->pc), shared);
    rt_leave(g);
}

void go_outer_gives_beside(const struct go_outer *o)
{
    struct g *g = rt_enter();
    struct rt_outer *x = known(o);

    if (x && o->kind == GO_KIND_COND)
        rt_cond_wake(&x->as.cond, g, rt_site_at(o->pc));
    else if (x)
        gives(x, g, rt_site_at(o->pc));
    rt_leave(g);
}

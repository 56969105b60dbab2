/*
 * outer.c - who waits for locks of the C library's, and who holds them, while a
 * run is controlled.
 *
 * In:  whoever stands in front of the C library (vigil/outer.h). Out: points,
 * and for looks objects of vigil's kinds, which stand for theirs.
 *
 * Method: each gets an object of its kind when it is first used in an
 * execution. Only the fields that a look reads are kept; nothing of mutex.c and
 * its like ever sees them, for whether a lock is free the C library says. A
 * condition and a barrier are vigil's own in all: what the C library notes of
 * who waits there would be of one thread.
 *
 * L1  At the point everything is as for a lock of vigil's: it can be done when
 *     ready says so. Behind it, where choices are made no more or operations
 *     begin when their turn comes, who can not go on parks, and is woken
 *     whenever something is let go of, to ask again; who is helped by what is
 *     not seen (O2 of elsewhere.c) asks now and then.
 * L2  One thread, and executions that follow each other: what an execution
 *     before has left is forgotten at the first use in the next. But each has
 *     the same object in all of them, or a search would not know it again: as
 *     long as there is room, for memory may be another each time.
 * L3  Who owns a lock is its goroutine, not the thread. A lock may be anew in
 *     the same place, or be unlocked by another: the C library lets that
 *     happen, so the note goes with it.
 *
 * Why not vigil's own mutex and its like instead: threads use these locks too,
 * and their rules differ (a reader passes by a writer that waits, some may be
 * locked twice, or be unlocked by anybody).
 */
#include "runtime/sync/outer.h"

#include <errno.h>
#include <string.h>
#include <vigil/sync.h>

#include "runtime/sched/elsewhere.h"
#include "runtime/sched/race.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/cond.h"
#include "runtime/sync/held.h"
#include "runtime/sync/object.h"
#include "runtime/sync/waitq.h"

enum {
    ALL = 1 << 14, /* in an execution, a power of two */
    PLACES = 2 * ALL,
};

struct outer {
    union {
        struct go_object obj;
        struct go_mutex mutex;
        struct go_rwmutex rwmutex;
        struct go_once once;
        struct go_semaphore sema;
        struct go_cond cond;
        struct go_barrier barrier;
    } as; /* first: an object pointer is an outer pointer */
    const volatile void *key;
    size_t size;
    uint64_t owner; /* goroutine that has it to write, 0: nobody */
    uint32_t depth; /* so often */
    uint32_t lock;  /* rank RT_RANK_OBJECT; of waiters */
    struct go_waitq waiters;
    uint64_t execution; /* in which all this is so */
};

static struct {
    struct outer all[ALL];
    uint16_t at[PLACES]; /* by hash of the key: place in all + 1 */
    uint32_t n;          /* of all that were ever used */
    uint32_t free;       /* where they all are: no free one is before it */
    uint64_t full;       /* the execution that has them all */
    uint64_t threads;    /* the execution in which there are some */
    bool processes;      /* others use some of these */
} outer;

/* Where it is, or would be. */
static uint32_t place_of(const volatile void *key)
{
    uint32_t i = (uint32_t)((uintptr_t)key * 0x9e3779b97f4a7c15u >> 40);

    for (i %= PLACES; outer.at[i]; i = (i + 1) % PLACES)
        if (outer.all[outer.at[i] - 1].key == key)
            break;
    return i;
}

static bool is_of_now(const struct outer *x)
{
    return x->execution == rt_elsewhere_execution();
}

/* NULL: it was not used in this execution. */
static struct outer *find(const volatile void *key)
{
    uint16_t at = outer.at[place_of(key)];

    return at && is_of_now(&outer.all[at - 1]) ? &outer.all[at - 1] : NULL;
}

/* L2: where there is no room for more, what is not of this execution goes. */
static void forget_others(void)
{
    memset(outer.at, 0, sizeof(outer.at));
    outer.free = 0;
    for (uint32_t i = 0; i < ALL; i++) {
        struct outer *x = &outer.all[i];

        if (is_of_now(x))
            outer.at[place_of(x->key)] = (uint16_t)(i + 1);
        else
            x->key = NULL;
    }
}

static bool next_free(void)
{
    while (outer.free < ALL && outer.all[outer.free].key)
        outer.free++;
    return outer.free < ALL;
}

/* Where there is room, + 1; 0: there is none. */
static uint16_t room(void)
{
    if (outer.n < ALL)
        return (uint16_t)++outer.n;
    if (!next_free() && outer.full != rt_elsewhere_execution()) {
        forget_others();
        if (!next_free())
            outer.full = rt_elsewhere_execution();
    }
    return outer.free < ALL ? (uint16_t)(outer.free + 1) : 0;
}

/* NULL: there are too many. */
static struct outer *add(const volatile void *key)
{
    uint32_t place = place_of(key);
    struct outer *x;

    if (!outer.at[place]) {
        uint16_t at = room();

        if (!at)
            return NULL;
        place = place_of(key); /* others may have gone */
        outer.at[place] = at;
    }
    x = &outer.all[outer.at[place] - 1];
    memset(x, 0, sizeof(*x));
    x->key = key;
    x->execution = rt_elsewhere_execution();
    return x;
}

/* L3 */
static void clear(struct outer *x)
{
    struct g *owner = x->owner ? rt_g_find(x->owner) : NULL;

    if (owner)
        rt_unhold(owner, &x->as.obj, false);
    if (x->as.obj.kind == GO_KIND_RWMUTEX)
        x->as.rwmutex.writer = 0;
    else if (x->as.obj.kind == GO_KIND_MUTEX)
        x->as.mutex.owner = 0;
    else if (x->as.obj.kind == GO_KIND_ONCE)
        x->as.once.runner = 0;
    x->owner = 0;
    x->depth = 0;
}

/* NULL: there are too many, and the execution is cut off. */
static struct outer *get(const struct go_outer *o, const struct go_site *site)
{
    struct outer *x = find(o->key);

    if (!x && !(x = add(o->key))) {
        rt_point_give_up();
        return NULL;
    }
    if (x->as.obj.kind != o->kind) {
        clear(x);
        memset(&x->as, 0, sizeof(x->as));
        x->size = o->size;
    }
    rt_object_touch(&x->as.obj, (enum go_kind)o->kind, site);
    return x;
}

bool go_outer_runs(void)
{
    return rt_elsewhere_runs();
}

/* ---- to wait ---------------------------------------------------------------*/

struct limited {
    struct rt_await await;
    struct rt_timer timer;
    struct outer *x;
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
    l.x = get(o, site);
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

/* It will ask again. */
static void wake(struct outer *x)
{
    struct waiter *w;

    rt_elsewhere_released();
    while ((w = rt_waitq_first(&x->waiters))) {
        rt_waitq_remove(w);
        rt_ready(w->g);
    }
}

static void set_owner(struct outer *x, struct g *g, const struct go_site *site)
{
    if (x->owner != g->id) {
        clear(x);
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
static void acquire(const struct g *g, const struct outer *x, bool shared)
{
    const void *key = (const void *)x->key;

    rt_race_acquire(g, key);
    if (x->as.obj.kind == GO_KIND_RWMUTEX && !shared)
        rt_race_acquire(g, rt_race_readers(key));
}

void go_outer_took(const struct go_outer *o, bool shared)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(o->pc);
    struct outer *x = get(o, site);

    if (x) {
        acquire(g, x, shared);
        if (o->kind == GO_KIND_SEMAPHORE) {
            rt_use(&x->as.sema.acquired, g, site);
        } else if (shared && o->kind == GO_KIND_RWMUTEX) {
            x->as.rwmutex.readers++;
            rt_hold(g, &x->as.obj, site, true);
        } else if (!shared) {
            set_owner(x, g, site);
        }
    }
    rt_leave(g);
}

static void gives_to_write(struct outer *x, struct g *g,
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
    clear(x);
    wake(x);
}

static void gives_to_read(struct outer *x, struct g *g,
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
    wake(x);
}

static void gives_units(struct outer *x, struct g *g,
                        const struct go_site *site)
{
    const void *key = (const void *)x->key;

    rt_note(GO_NOTE_UNITS, g, key);
    rt_race_release(g, key);
    rt_use(&x->as.sema.released, g, site);
    wake(x);
}

/* L3: of somebody else, or of nobody that is known. */
static void gives_others(struct outer *x, struct g *g)
{
    rt_note(GO_NOTE_TOUCH, g, (const void *)x->key);
    clear(x);
    wake(x);
}

static void gives(struct outer *x, struct g *g, const struct go_site *site)
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
    struct outer *x = get(o, site);
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
    const struct outer *x = find(o->key);
    uint32_t depth = x && x->owner == g->id ? x->depth : 0;

    rt_leave(g);
    return depth;
}

bool go_outer_is_held(const volatile void *key)
{
    const struct outer *x = find(key);

    return x && x->owner;
}

/* Else it was ended too soon, and they go on waiting for what it was. */
static bool nobody_waits(const struct outer *x)
{
    if (x->as.obj.kind == GO_KIND_COND)
        return !rt_waitq_first(&x->as.cond.waiters);
    if (x->as.obj.kind == GO_KIND_BARRIER)
        return !rt_waitq_first(&x->as.barrier.waiters);
    return !rt_waitq_first(&x->waiters);
}

void go_outer_forget(const volatile void *key)
{
    struct g *g = rt_enter();
    struct outer *x = find(key);

    if (x) {
        rt_note(GO_NOTE_TOUCH, g, (const void *)key);
        clear(x);
        if (x->as.obj.kind == GO_KIND_BARRIER)
            x->as.barrier.size = 0;
        if (nobody_waits(x))
            x->as.obj.kind = GO_KIND_NONE; /* get makes another */
    }
    rt_leave(g);
}

/* ---- conditions, barriers, threads -----------------------------------------*/

int go_outer_wait(const struct go_outer *o, int (*unlock)(void *lock),
                  void *lock, int64_t until)
{
    struct g *g = rt_enter();
    struct rt_cond_wait how = {unlock, lock, until, rt_site_at(o->pc)};
    struct outer *x = get(o, how.site);
    int err = x ? rt_cond_wait_with(&x->as.cond, g, &how) : 0;

    rt_leave(g);
    return x ? err : unlock(lock);
}

void go_outer_signal(const struct go_outer *o, bool all)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(o->pc);
    struct outer *x = get(o, site);

    rt_leave(g);
    if (x && all)
        go_cond_broadcast_at(&x->as.cond, site);
    else if (x)
        go_cond_signal_at(&x->as.cond, site);
}

bool go_outer_arrive(const struct go_outer *o, uint32_t n)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(o->pc);
    struct outer *x = get(o, site);

    if (x)
        x->as.barrier.size = n;
    rt_leave(g);
    return !x || go_barrier_wait_at(&x->as.barrier, site);
}

void go_outer_others(void)
{
    struct g *g = rt_enter();

    for (uint32_t i = 0; i < outer.n; i++)
        if (is_of_now(&outer.all[i]))
            wake(&outer.all[i]);
    rt_leave(g);
}

/* Who waits does as if all had been let go of, and signalled. */
static void ask_again(void)
{
    go_outer_others();
    for (uint32_t i = 0; i < outer.n; i++)
        if (is_of_now(&outer.all[i]) &&
            outer.all[i].as.obj.kind == GO_KIND_COND)
            go_cond_broadcast_at(&outer.all[i].as.cond,
                                 outer.all[i].as.obj.born);
}

void go_outer_thread(void)
{
    outer.threads = rt_elsewhere_execution();
    ask_again();
}

void go_outer_process(void)
{
    outer.processes = true;
    if (go_outer_runs())
        ask_again();
}

bool go_outer_threads(void)
{
    return outer.processes || outer.threads == rt_elsewhere_execution();
}

/* ---- for looks -------------------------------------------------------------*/

bool rt_outer_place(const void *object, struct rt_span *at)
{
    const struct outer *x = object;

    if (x < outer.all || x >= outer.all + outer.n)
        return false;
    at->low = (uintptr_t)x->key;
    at->high = at->low + x->size;
    return true;
}

struct rt_span rt_outer_memory(void)
{
    uintptr_t low = (uintptr_t)outer.all;

    return (struct rt_span){low, low + outer.n * sizeof(*outer.all)};
}

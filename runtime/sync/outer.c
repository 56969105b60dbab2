/*
 * outer.c - what is noted of locks of the C library's, while a run is controlled:
 * who waits for them (outer_lock.c, outer_cond.c), and who holds them.
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

#include <string.h>

#include "runtime/sched/elsewhere.h"
#include "runtime/sync/held.h"
#include "runtime/sync/object.h"
#include "runtime/sync/outers.h"
#include "runtime/sync/waitq.h"

enum {
    ALL = 1 << 14, /* in an execution, a power of two */
    PLACES = 2 * ALL,
};

static struct {
    struct rt_outer all[ALL];
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

static bool is_of_now(const struct rt_outer *x)
{
    return x->execution == rt_elsewhere_execution();
}

struct rt_outer *rt_outer_find(const volatile void *key)
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
        struct rt_outer *x = &outer.all[i];

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
static struct rt_outer *add(const volatile void *key)
{
    uint32_t place = place_of(key);
    struct rt_outer *x;

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
void rt_outer_clear(struct rt_outer *x)
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

struct rt_outer *rt_outer_get(const struct go_outer *o,
                              const struct go_site *site)
{
    struct rt_outer *x = rt_outer_find(o->key);

    if (!x && !(x = add(o->key))) {
        rt_point_give_up();
        return NULL;
    }
    if (x->as.obj.kind != o->kind) {
        rt_outer_clear(x);
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

/* ---- to ask again ----------------------------------------------------------*/

void rt_outer_wake(struct rt_outer *x)
{
    struct waiter *w;

    rt_elsewhere_released();
    while ((w = rt_waitq_first(&x->waiters))) {
        rt_waitq_remove(w);
        rt_ready(w->g);
    }
}

void go_outer_others(void)
{
    struct g *g = rt_enter();

    for (uint32_t i = 0; i < outer.n; i++)
        if (is_of_now(&outer.all[i]))
            rt_outer_wake(&outer.all[i]);
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

/* ---- what is new, or no more -----------------------------------------------*/

/* Else it was ended too soon, and they go on waiting for what it was. */
static bool nobody_waits(const struct rt_outer *x)
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
    struct rt_outer *x = rt_outer_find(key);

    if (x) {
        rt_note(GO_NOTE_TOUCH, g, (const void *)key);
        rt_outer_clear(x);
        if (x->as.obj.kind == GO_KIND_BARRIER)
            x->as.barrier.size = 0;
        if (nobody_waits(x))
            x->as.obj.kind = GO_KIND_NONE; /* rt_outer_get makes another */
    }
    rt_leave(g);
}

/* ---- for looks -------------------------------------------------------------*/

bool rt_outer_place(const void *object, struct rt_span *at)
{
    const struct rt_outer *x = object;

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

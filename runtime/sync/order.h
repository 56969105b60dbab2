/*
 * order.h - in what order goroutines take locks, noted as they run.
 *
 * An edge: somebody who held one lock waited for, and got, another one. The
 * monitor (monitor/order.h) looks for rings among the edges of a run. Only
 * calls that could have waited make edges, so a try-lock never does; what it
 * got is held like any lock. Locks are known by number (rt_object_id), so
 * memory that is reused for another lock is another lock; nothing here points
 * into the program's memory.
 *
 * Off unless rt_order_begin says on. Who holds no lock pays nothing.
 */
#ifndef RT_SYNC_ORDER_H
#define RT_SYNC_ORDER_H

#include "runtime/sched/causal.h"
#include "runtime/sched/race.h"
#include "runtime/sync/object.h"

enum {
    RT_ORDER_ALIKE = 16, /* edges of a class that are kept */
    RT_ORDER_CLASSES = 1 << 14,
    RT_ORDER_FRAMES = 24, /* of the stack that took the second lock */
    RT_ORDER_HELD = 16    /* locks held at that moment that are noted; who
                                holds more makes no edges */
};

/* A lock as reports name it. */
struct rt_order_lock {
    uint32_t id;
    uint8_t kind;               /* enum go_kind */
    const char *name;           /* never NULL */
    const struct go_site *born; /* may be NULL */
};

struct rt_order_held {
    uint32_t id;
    uint32_t shared;
};

/* One time that somebody took a lock while it held another one. */
struct rt_order_edge {
    struct rt_order_edge *next; /* of its class, newest first */
    uint64_t goroutine;
    const char *name;              /* NULL: none */
    const struct go_site *created; /* NULL: main */
    uint64_t created_by;
    uint32_t epoch;
    const struct rt_causal *seen; /* what was past for it */
    uint32_t nheld;
    struct rt_order_held held[RT_ORDER_HELD]; /* all, by id, not the taken */
    uint32_t npc;
    const void *pc[RT_ORDER_FRAMES]; /* innermost first */
};

/* Edges between the same locks at the same places. */
struct rt_order_class {
    struct rt_order_class *next; /* of all, newest first */
    struct rt_order_lock from, to;
    uint8_t from_shared, to_shared;
    const struct go_site *held_at, *taken_at;
    struct rt_order_edge *edges;
    uint32_t nedge;
    uint64_t dropped; /* edges beyond RT_ORDER_ALIKE */
};

/* What was noted so far; while the world is stopped, or the run is over. */
struct rt_order_notes {
    const struct rt_order_class *classes;
    uint32_t nclass;
    uint64_t dropped; /* edges like RT_ORDER_ALIKE others */
    uint64_t refused; /* edges for which there was no room at all */
};
void rt_order_notes(struct rt_order_notes *to);

/* The caller's own stack, into pc[0..max): how many. Set by the monitor. */
typedef uint32_t rt_order_stack_fn(const void **pc, uint32_t max);

/* Before a run, and after it: when it ends all notes are gone. */
void rt_order_begin(rt_order_stack_fn *stack);
void rt_order_end(void);

extern uint32_t rt_order_on RT_HIDDEN; /* [atomic] between the two */

void rt_order_note(struct g *g, struct go_object *obj, bool shared,
                   const struct go_site *site);

/* g has got obj, for which it could have waited; no ranked lock is held. */
static inline void rt_order_took(struct g *g, struct go_object *obj,
                                 bool shared, const struct go_site *site)
{
    if (rt_unlikely(g->nheld > 1) && rt_load(rt_order_on))
        rt_order_note(g, obj, shared, site);
}

/* What g did is past for who acquires from obj later (causal.h); alone: for
   lock orders, but not for races. */
static inline void rt_order_release_alone(struct g *g, struct go_object *obj)
{
    if (rt_causal_on() && (g->clock || g->marked))
        rt_causal_release(g, rt_object_id(obj));
}

static inline void rt_order_acquire_alone(struct g *g, struct go_object *obj)
{
    if (rt_causal_on())
        rt_causal_acquire(g, __atomic_load_n(&obj->id, __ATOMIC_ACQUIRE));
}

static inline void rt_order_release(struct g *g, struct go_object *obj)
{
    rt_race_release(g, obj);
    rt_order_release_alone(g, obj);
}

static inline void rt_order_acquire(struct g *g, struct go_object *obj)
{
    rt_race_acquire(g, obj);
    rt_order_acquire_alone(g, obj);
}

#endif

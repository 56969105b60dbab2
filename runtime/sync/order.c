/*
 * order.c - notes in what order goroutines take locks.
 *
 * In:  locks, after a call that could have waited has got one. Out: classes
 * of edges for the monitor to judge; nothing is judged here.
 *
 * Method: for each lock that the goroutine held already, one edge, looked up
 * by both locks, modes and places. The same goroutine in the same epoch, at
 * the same clock and with the same locks held says nothing new, and is found
 * to be so without anything being written: a loop of nested locks pays a hash
 * and a few compares. What is new is kept with the stack that took the lock,
 * up to RT_ORDER_ALIKE of a class.
 *
 * N1  Edges and classes are never changed or freed in a run, but for the head
 *     of a list and the counts: who read one in the stopped world may go on
 *     reading it.
 * N2  What is not kept is counted: no limit is silent.
 * N3  A lock that is held may be there no more: the program gave back its
 *     memory. It is read with care, and written to only while it is its owner's.
 *
 * Lock: one, rank RT_RANK_ORDER; stacks are unwound under another one, by one
 * goroutine at a time, as the library wants it.
 */
#include "runtime/sync/order.h"

#include <string.h>

#include "runtime/base/arena.h"
#include "runtime/sched/handed.h"
#include "runtime/sched/stack.h"

enum {
    TABLE = 2 * RT_ORDER_CLASSES,
    UNWINDING = 10 << 10 /* bytes of stack that this takes */
};

uint32_t rt_order_on;

static struct {
    uint32_t lock;
    uint32_t unwinding;            /* held while a stack is taken */
    rt_order_stack_fn *stack;      /* [init] */
    struct rt_arena arena;         /* [lock] */
    struct rt_order_class **table; /* [lock] [TABLE] by hash */
    struct rt_order_class *newest; /* [lock] */
    uint32_t nclass;               /* [lock] */
    uint64_t dropped, refused;     /* [lock] */
} notes;

/* One taking, with all that is the same for each lock held. */
struct taking {
    struct g *g;
    struct go_object *obj;
    const struct go_site *site;
    bool shared;
    bool unwound;
    struct rt_order_edge edge; /* the next one to be kept */
};

static struct rt_order_lock lock_of(const struct go_object *obj, uint32_t id)
{
    return (struct rt_order_lock){.id = id,
                                  .kind = obj->kind,
                                  .name = rt_object_name(obj),
                                  .born = obj->born};
}

/* N3. 0: it is there no more, and nobody knows which it was. */
static uint32_t id_of(struct rt_held *h, const struct g *g)
{
    struct go_object head;

    if (!h->id && rt_held_head(&head, g, h))
        h->id = rt_object_id_with_care(h->obj);
    return h->id;
}

/* All that g holds but obj, by id; false: too many. */
static bool note_held(struct taking *t)
{
    struct rt_order_edge *e = &t->edge;

    for (uint32_t i = 0; i < t->g->nheld; i++) {
        struct rt_held *h = &t->g->held[i];
        struct rt_order_held held = {.shared = h->shared};
        uint32_t at = e->nheld;

        if (h->obj == t->obj || !(held.id = id_of(h, t->g)))
            continue;
        if (at == RT_ORDER_HELD)
            return false;
        for (; at > 0 && e->held[at - 1].id > held.id; at--)
            e->held[at] = e->held[at - 1];
        e->held[at] = held;
        e->nheld++;
    }
    return true;
}

static uint32_t hash_of(const struct rt_held *from, const struct taking *t)
{
    uint64_t h = (uint64_t)from->id << 32;

    h |= rt_object_id(t->obj);
    h = (h + from->shared) * 0x9e3779b97f4a7c15u + t->shared;
    h ^= (uintptr_t)from->site * 31 + (uintptr_t)t->site;
    return (uint32_t)(h * 0x9e3779b97f4a7c15u >> 40) % TABLE;
}

static bool is_class(const struct rt_order_class *c, const struct rt_held *from,
                     const struct taking *t)
{
    return c->from.id == from->id && c->to.id == t->obj->id &&
           c->from_shared == from->shared && c->to_shared == t->shared &&
           c->held_at == from->site && c->taken_at == t->site;
}

/* Where the class is, or would be. */
static struct rt_order_class **find_locked(const struct rt_held *from,
                                           const struct taking *t)
{
    uint32_t i = hash_of(from, t);

    rt_assert_held(&notes.lock);
    while (notes.table[i] && !is_class(notes.table[i], from, t))
        i = (i + 1) % TABLE;
    return &notes.table[i];
}

static bool same(const struct rt_order_edge *e, const struct taking *t)
{
    return e->goroutine == t->g->id && e->epoch == t->g->epoch &&
           e->seen == t->g->clock && e->nheld == t->edge.nheld &&
           !memcmp(e->held, t->edge.held, sizeof(e->held));
}

/* Whether the edge says nothing new, or can not be kept; told as it is. */
static bool is_known_locked(struct rt_order_class *c, const struct taking *t)
{
    if (!c && notes.nclass < RT_ORDER_CLASSES)
        return false;
    if (!c) {
        notes.refused++;
        return true;
    }
    for (const struct rt_order_edge *e = c->edges; e; e = e->next)
        if (same(e, t))
            return true;
    if (c->nedge < RT_ORDER_ALIKE)
        return false;
    c->dropped++;
    notes.dropped++;
    return true;
}

static void *room_locked(size_t n)
{
    void *p = rt_arena_alloc(&notes.arena, n);

    rt_need(p, "no memory for lock orders");
    return p;
}

/* NULL: what was held is there no more. */
static struct rt_order_class *class_new_locked(const struct rt_held *from,
                                               const struct taking *t)
{
    struct rt_order_class *c;
    struct go_object head;

    if (!rt_held_head(&head, t->g, from))
        return NULL;
    c = room_locked(sizeof(*c));

    *c = (struct rt_order_class){.next = notes.newest,
                                 .from = lock_of(&head, from->id),
                                 .to = lock_of(t->obj, t->obj->id),
                                 .from_shared = from->shared,
                                 .to_shared = t->shared,
                                 .held_at = from->site,
                                 .taken_at = t->site};
    notes.newest = c;
    notes.nclass++;
    return c;
}

/* Whether there is stack enough; a foreign thread's is its own affair. */
static bool can_unwind(const struct g *g)
{
    const char *here = __builtin_frame_address(0);

    return notes.stack && !rt_is_foreign(g) &&
           here - (const char *)rt_stack_low(g) > UNWINDING;
}

static void unwind(struct taking *t)
{
    if (t->unwound)
        return;
    t->unwound = true;
    if (can_unwind(t->g)) {
        rt_lock(&notes.unwinding, RT_RANK_ORDER);
        t->edge.npc = notes.stack(t->edge.pc, RT_ORDER_FRAMES);
        rt_unlock(&notes.unwinding);
    }
    rt_check(t->edge.npc <= RT_ORDER_FRAMES, "order: more frames than room");
}

static void keep_locked(struct rt_order_class **at, const struct rt_held *from,
                        const struct taking *t)
{
    struct rt_order_edge *e;

    if (!*at && !(*at = class_new_locked(from, t)))
        return;
    e = room_locked(sizeof(*e));
    *e = t->edge;
    e->goroutine = t->g->id;
    e->name = t->g->name;
    e->created = t->g->id == 1 ? NULL : t->g->created;
    e->created_by = t->g->created_by;
    e->next = (*at)->edges;
    (*at)->edges = e;
    (*at)->nedge++;
}

static void note_edge(struct taking *t, const struct rt_held *from)
{
    struct rt_order_class **at;
    bool known;

    rt_lock(&notes.lock, RT_RANK_ORDER);
    known = is_known_locked(*find_locked(from, t), t);
    rt_unlock(&notes.lock);
    if (known)
        return;
    unwind(t);
    known = !rt_causal_mark(t->g, &t->edge.epoch, &t->edge.seen);
    rt_lock(&notes.lock, RT_RANK_ORDER);
    at = find_locked(from, t);
    notes.refused += known;
    if (!known && !is_known_locked(*at, t))
        keep_locked(at, from, t);
    rt_unlock(&notes.lock);
}

void rt_order_note(struct g *g, struct go_object *obj, bool shared,
                   const struct go_site *site)
{
    struct taking t = {.g = g, .obj = obj, .site = site, .shared = shared};

    rt_handed_adopt(g);
    if (!note_held(&t)) {
        rt_lock(&notes.lock, RT_RANK_ORDER);
        notes.refused++;
        rt_unlock(&notes.lock);
        return;
    }
    for (uint32_t i = 0; i < g->nheld; i++)
        if (g->held[i].obj != obj && g->held[i].id)
            note_edge(&t, &g->held[i]);
}

void rt_order_notes(struct rt_order_notes *to)
{
    *to = (struct rt_order_notes){.classes = notes.newest,
                                  .nclass = notes.nclass,
                                  .dropped = notes.dropped,
                                  .refused = notes.refused};
}

void rt_order_begin(rt_order_stack_fn *stack)
{
    rt_check(!rt_load(rt_order_on), "order: begun twice");
    notes.stack = stack;
    notes.table = room_locked(TABLE * sizeof(struct rt_order_class *));
    rt_store(rt_order_on, 1);
}

void rt_order_end(void)
{
    rt_store(rt_order_on, 0);
    rt_arena_free(&notes.arena);
    memset(&notes, 0, sizeof(notes));
    rt_causal_reset();
}

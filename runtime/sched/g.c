/* g.c - the status of goroutines, and what they hold. */
#include "runtime/sched/g.h"

#include <stdlib.h>
#include <string.h>
#include <vigil/sync.h>

#include "runtime/base/peek.h"
#include "runtime/sched/control.h"
#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/state.h"
#include "runtime/sched/unborn.h"

static const char *const status_name[RT_G_STATUS_COUNT] = {
    "free",     "runnable", "running", "waiting",
    "blocking", "dead",     "foreign", "unborn"};

void rt_g_wrong_status(const struct g *g, enum rt_gstatus from,
                       enum rt_gstatus to)
{
    rt_throw("goroutine %llu: %s -> %s asked, but it is %s",
             (unsigned long long)g->id, status_name[from], status_name[to],
             g->status < RT_G_STATUS_COUNT ? status_name[g->status]
                                           : "corrupt");
}

static struct g *find(uint64_t id)
{
    for (uint32_t i = 0; i < rt_g_slots(); i++) {
        struct g *g = rt_g_at(i);

        if (g && g->id == id)
            return g;
    }
    return NULL;
}

struct g *rt_g_find(uint64_t id)
{
    struct g *g = find(id);

    if (g)
        return g;
    rt_unborn_find(id);
    return find(id);
}

struct g *rt_g_foreign_first(void)
{
    return rt_s.foreign;
}

/*
 * The array in the g serves nearly all; more come from malloc, which is
 * allowed here: a goroutine is never stopped for a look while it is inside
 * the runtime, so no look finds the heap locked by it.
 */
static void held_grow(struct g *g)
{
    uint32_t cap = g->held_cap * 2;
    struct rt_held *more = calloc(cap, sizeof(*more));

    rt_need(more, "no memory to note another held lock");
    memcpy(more, g->held, g->nheld * sizeof(*more));
    if (g->held != g->held_inline)
        free(g->held);
    g->held = more;
    g->held_cap = cap;
}

void rt_held_push(struct g *g, struct go_object *obj,
                  const struct go_site *site, bool shared)
{
    if (rt_unlikely(g->nheld == g->held_cap))
        held_grow(g);
    g->held[g->nheld++] = (struct rt_held){
        obj, site, __atomic_load_n(&obj->id, __ATOMIC_RELAXED), shared};
}

struct rt_held *rt_held_find(struct g *g, const struct go_object *obj,
                             bool shared)
{
    for (uint32_t i = g->nheld; i > 0; i--)
        if (g->held[i - 1].obj == obj && g->held[i - 1].shared == shared)
            return &g->held[i - 1];
    return NULL;
}

bool rt_held_pop(struct g *g, const struct go_object *obj, bool shared)
{
    struct rt_held *h = rt_held_find(g, obj, shared);

    if (!h)
        return false;
    g->nheld--;
    memmove(h, h + 1, (size_t)(g->held + g->nheld - h) * sizeof(*h));
    return true;
}

/* The goroutine of a lock's word, which has flags in its low bits. */
static bool is_of(uintptr_t word, const struct g *g)
{
    return (word & ~(uintptr_t)7) == (uintptr_t)g;
}

bool rt_held_still(const void *obj, const struct g *g, bool shared)
{
    switch (((const struct go_object *)obj)->kind) {
    case GO_KIND_MUTEX:
        return is_of(((const struct go_mutex *)obj)->owner, g);
    case GO_KIND_RWMUTEX:
        return shared ? ((const struct go_rwmutex *)obj)->readers > 0
                      : is_of(((const struct go_rwmutex *)obj)->writer, g);
    case GO_KIND_ONCE:
        return is_of(((const struct go_once *)obj)->runner, g);
    default:
        return false;
    }
}

union lock {
    struct go_object obj;
    struct go_mutex mutex;
    struct go_rwmutex rwmutex;
    struct go_once once;
};

bool rt_held_head(struct go_object *head, const struct g *g,
                  const struct rt_held *held)
{
    static const size_t size[GO_KIND_COUNT] = {
        [GO_KIND_MUTEX] = sizeof(struct go_mutex),
        [GO_KIND_RWMUTEX] = sizeof(struct go_rwmutex),
        [GO_KIND_ONCE] = sizeof(struct go_once),
    };
    union lock lock;

    if (!rt_peek(head, held->obj, sizeof(*head)) ||
        head->kind >= GO_KIND_COUNT || !size[head->kind] ||
        !rt_peek(&lock, held->obj, size[head->kind]))
        return false;
    *head = lock.obj;
    return rt_held_still(&lock, g, held->shared);
}

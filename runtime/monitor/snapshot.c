/*
 * snapshot.c - copies what a look needs out of the stopped world.
 *
 * In:  every g, what it waits on and holds, the timer heap, the ring of those
 * that ended. Out: struct go_inspect.
 *
 * Method: one pass over the slots takes the goroutines; objects are met
 * through their waiters and holders, and numbered as they are met; then the
 * timers are matched with objects and sleepers, and the fates of the objects'
 * last users are looked up. Linear, by two hash tables.
 *
 * K1  An object is read only if somebody waits on it and it is still there
 *     (presence.c): the program may have freed any other, also one that is held,
 *     or has members, and its place may be anything now. A lock left behind by a
 *     goroutine that ended is told from a copy of its head made at that end.
 * K2  Who holds an object that is waited for, and who is a member of it, is
 *     believed only as far as the object says the same: if not, one at the same
 *     place before it was meant. In doubt it is not exact.
 *
 * Why copy at all: the reports are written, and symbols loaded, when the
 * world may be running again.
 */
#include "runtime/monitor/snapshot.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <vigil/sync.h>

#include "runtime/monitor/heapdoor.h"
#include "runtime/monitor/presence.h"
#include "runtime/sched/ended.h"
#include "runtime/sched/handed.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/known.h"
#include "runtime/sync/object.h"
#include "runtime/sync/stands.h"

enum {
    AHEAD = 12 /* goroutines */
};

void mon_snapshot_limit(struct mon_snapshot *s, uint64_t goroutine,
                        const char *fmt, ...)
{
    struct go_inspect_limit *fresh =
        rt_arena_alloc(&s->arena, (s->in.nlimit + 1) * sizeof(*fresh));
    va_list ap;

    s->lacking |= !fresh;
    if (!fresh)
        return;
    if (s->in.nlimit)
        memcpy(fresh, s->in.limits, s->in.nlimit * sizeof(*fresh));
    s->in.limits = fresh;
    fresh += s->in.nlimit++;
    fresh->goroutine = goroutine;
    va_start(ap, fmt);
    vsnprintf(fresh->text, sizeof(fresh->text), fmt, ap);
    va_end(ap);
}

/* One that is not there any more: each wait has its own, and nobody else. */
static uint32_t gone_index(struct mon_intake *k)
{
    struct go_inspect_object *to = MON_ADD(k, objects, nobject, object_cap);

    if (!to)
        return GO_NOWHERE;
    to->kind = GO_KIND_GONE;
    to->id = rt_object_new_id();
    to->name = "";
    return k->s->in.nobject - 1;
}

/* The object's index; it is read when it is met first (K1). */
static uint32_t object_index(struct mon_intake *k, const struct waiter *w,
                             enum go_wait_reason reason)
{
    union mon_object copy;
    const struct go_object *o = mon_presence(k, w, reason, &copy);
    struct go_inspect_object *to;
    uint32_t at;
    bool is_new;

    if (!o)
        return gone_index(k);
    at = mon_table_put(&k->objects, &k->s->arena, w->obj, k->s->in.nobject,
                       &is_new);
    if (at == GO_NOWHERE)
        k->failed = true;
    if (!is_new)
        return at;
    to = MON_ADD(k, objects, nobject, object_cap);
    if (!to)
        return GO_NOWHERE;
    rt_object_inspect(o, w->obj, to);
    rt_check(at + 1 == k->s->in.nobject, "objects are not numbered in order");
    return at;
}

static enum go_state state_of(const struct g *g)
{
    switch (rt_g_status(g)) {
    case RT_G_RUNNABLE:
        return GO_STATE_RUNNABLE;
    case RT_G_WAITING:
        return g->wait.reason == GO_WAIT_IO ? GO_STATE_EXTERNAL
                                            : GO_STATE_WAITING;
    case RT_G_BLOCKING:
        return GO_STATE_EXTERNAL;
    case RT_G_FOREIGN:
        return GO_STATE_FOREIGN;
    default:
        return GO_STATE_RUNNING;
    }
}

static void take_waits(struct mon_intake *k, const struct g *g,
                       const struct rt_wait *waits,
                       struct go_inspect_goroutine *to)
{
    rt_check(!waits->n || waits->w, "a goroutine waits on nothing, n times");
    to->reason = (uint8_t)waits->reason;
    to->since = waits->since;
    to->until = waits->until;
    to->site = waits->site;
    to->wait = k->s->in.nwait;
    for (uint32_t i = 0; i < waits->n; i++) {
        const struct waiter *w = &waits->w[i];
        uint32_t object =
            w->obj ? object_index(k, w, waits->reason) : GO_NOWHERE;
        struct go_inspect_wait *wait;

        if (object == GO_NOWHERE)
            continue; /* a nil channel wakes nobody */
        wait = MON_ADD(k, waits, nwait, wait_cap);
        if (!wait)
            return;
        rt_check(w->g == g, "a waiter is not of the goroutine that lists it");
        wait->object = object;
        wait->want = w->want;
        wait->shared = w->shared;
        wait->site = w->site;
    }
    to->nwait = k->s->in.nwait - to->wait;
}

/* Of a controlled run: who stands before an operation that can not be done. */
static void take_stand(struct mon_intake *k, const struct g *g,
                       struct go_inspect_goroutine *to)
{
    const struct rt_point *p = rt_point_blocked(g);
    struct waiter *w;
    struct rt_wait wait;

    if (!p)
        return;
    w = rt_arena_alloc(&k->s->arena, (rt_stands_most(p) + 1) * sizeof(*w));
    k->failed |= !w;
    if (!w || !rt_stands_wait(p, w, &wait))
        return;
    to->state = GO_STATE_WAITING;
    take_waits(k, g, &wait, to);
}

/* K1: nothing, if nobody waits for it. */
static void take_hold(struct mon_intake *k, const struct go_object *obj,
                      const struct go_site *site, bool shared, bool pending)
{
    uint32_t object = mon_table_get(&k->objects, obj);
    struct go_inspect_hold *hold =
        object == GO_NOWHERE ? NULL : MON_ADD(k, holds, nhold, hold_cap);

    if (!hold)
        return;
    hold->object = object;
    hold->site = site;
    hold->shared = shared;
    hold->pending = pending;
}

/* A writer that has the slot of its lock and waits for the readers. */
static bool is_pending(const struct mon_intake *k, const struct g *g)
{
    const struct waiter *w = g->wait.w;

    return rt_g_status(g) == RT_G_WAITING && g->wait.n == 1 &&
           g->wait.reason == GO_WAIT_RWMUTEX_LOCK && w->obj &&
           mon_table_get(&k->objects, w->obj) != GO_NOWHERE && /* K1 */
           ((const struct go_rwmutex *)w->obj)->writer == (uintptr_t)g;
}

struct holding {
    struct mon_intake *k;
    const struct g *g;
};

static void take_held(void *arg, const struct rt_held *held)
{
    const struct holding *to = arg;

    if (mon_table_get(&to->k->objects, held->obj) != GO_NOWHERE &&
        rt_held_still(held->obj, to->g, held->shared))
        take_hold(to->k, held->obj, held->site, held->shared, false);
}

static void take_holds(struct mon_intake *k, const struct g *g,
                       struct go_inspect_goroutine *to)
{
    struct holding holding = {k, g};

    to->hold = k->s->in.nhold;
    for (uint32_t i = 0; i < g->nheld; i++)
        take_held(&holding, &g->held[i]);
    if (rt_unlikely(rt_load(rt_handed_count)))
        rt_handed_visit(g, take_held, &holding);
    if (is_pending(k, g))
        take_hold(k, g->wait.w->obj, g->wait.w->site, false, true);
    to->nhold = k->s->in.nhold - to->hold;
}

static void take_goroutine(struct mon_intake *k, struct g *g)
{
    struct go_inspect_goroutine *to;
    uint32_t at = k->s->in.ngoroutine;
    bool is_new;

    if (!rt_arena_grow(&k->s->arena, &k->gs, at, &k->gs_cap, sizeof(*k->gs)) ||
        mon_table_put(&k->goroutines, &k->s->arena, g, at, &is_new) != at ||
        !(to = MON_ADD(k, goroutines, ngoroutine, goroutine_cap))) {
        k->failed = true;
        return;
    }
    k->gs[at] = g;
    to->id = g->id;
    to->name = g->name;
    to->state = state_of(g);
    to->daemon = g->daemon;
    to->proven = g->proven;
    to->since = to->until = -1;
    to->site = g->last;
    to->created = g->created;
    to->created_by = g->created_by;
    to->entry = (const void *)(uintptr_t)g->fn;
    to->member = GO_NOWHERE;
    if (rt_g_status(g) == RT_G_WAITING) {
        take_waits(k, g, &g->wait, to);
    } else if (rt_g_status(g) == RT_G_BLOCKING) {
        to->reason = GO_WAIT_BLOCKING;
        to->since = g->wait.since;
    } else {
        take_stand(k, g, to);
    }
}

/* K2 */
static void doubt(struct mon_intake *k, const uint32_t *readers,
                  const uint32_t *members)
{
    for (uint32_t o = 0; o < k->s->in.nobject; o++) {
        struct go_inspect_object *to = &k->s->in.objects[o];

        if (to->kind == GO_KIND_RWMUTEX)
            to->exact &= readers[o] <= to->len;
        else if (to->kind == GO_KIND_WAITGROUP || to->kind == GO_KIND_ERRGROUP)
            to->exact &= members[o] == to->members;
    }
}

/* Who holds what is waited for, and is a member of it: when all waits are
   known. */
static void take_owners(struct mon_intake *k)
{
    struct go_inspect *in = &k->s->in;
    size_t size = in->nobject * sizeof(uint32_t);
    uint32_t *readers = rt_arena_alloc(&k->s->arena, size);
    uint32_t *members = rt_arena_alloc(&k->s->arena, size);

    k->failed |= !readers || !members;
    for (uint32_t i = 0; i < in->ngoroutine && !k->failed; i++) {
        struct go_inspect_goroutine *g = &in->goroutines[i];

        if (k->gs[i]->member)
            g->member = mon_table_get(&k->objects, k->gs[i]->member);
        if (g->member != GO_NOWHERE)
            members[g->member]++;
        take_holds(k, k->gs[i], g);
    }
    for (uint32_t h = 0; h < in->nhold && !k->failed; h++)
        readers[in->holds[h].object] += in->holds[h].shared;
    if (!k->failed)
        doubt(k, readers, members);
}

static bool is_told(const struct mon_intake *k, const struct g *g)
{
    enum rt_gstatus status = rt_g_status(g);

    return status != RT_G_FREE && status != RT_G_DEAD &&
           !(g->id == 1 && k->moment->main_ended);
}

static void take_goroutines(struct mon_intake *k)
{
    uint32_t ahead = 0;

    for (uint32_t i = 0; i < rt_g_slots() && !k->failed; i++) {
        struct g *g = rt_g_at(i);

        if (i == ahead)
            ahead = mon_presence_ahead(k, i);
        rt_g_fetch(i + AHEAD);
        if (g && is_told(k, g))
            take_goroutine(k, g);
    }
    for (struct g *g = rt_g_foreign_first(); g; g = g->foreign_next)
        if (g->nheld)
            take_goroutine(k, g);
    take_owners(k);
}

/*
 * A lock that a goroutine held at its end. When it is also waited for, it is
 * in the list already; an address may have been used anew since, so it must
 * look the same.
 */
static uint32_t abandoned_object(struct mon_intake *k,
                                 const struct rt_abandoned *a)
{
    uint32_t at = mon_table_get(&k->objects, a->obj);
    struct go_inspect_object *to;

    if (at != GO_NOWHERE && k->s->in.objects[at].kind == a->head.kind &&
        k->s->in.objects[at].born == a->head.born)
        return at;
    to = MON_ADD(k, objects, nobject, object_cap);
    if (!to)
        return GO_NOWHERE;
    to->kind = a->head.kind;
    to->id = a->head.id;
    to->name = rt_object_name(&a->head);
    to->born = a->head.born;
    to->exact = true;
    to->address = a->obj;
    return k->s->in.nobject - 1;
}

static void take_abandoned(struct mon_intake *k)
{
    const struct rt_abandoned *list;
    uint32_t n = rt_abandoned(&list);

    k->s->in.left_cut = n == RT_ABANDONED_MAX;
    for (uint32_t i = 0; i < n && !k->failed; i++) {
        struct go_inspect_abandoned *to;
        uint32_t object;

        if (!list[i].goroutine && /* an earlier run's, of which nobody asks */
            mon_table_get(&k->objects, list[i].obj) == GO_NOWHERE)
            continue;
        object = abandoned_object(k, &list[i]);
        to = MON_ADD(k, abandoned, nabandoned, abandoned_cap);
        if (!to)
            return;
        to->goroutine = list[i].goroutine;
        to->object = object;
        to->shared = list[i].shared;
        to->site = list[i].site;
    }
}

/* Notes the fate of a goroutine that is not there any more, once; and those of
   who created it, up to one who lives. */
static void take_ended(struct mon_intake *k, struct mon_table *seen,
                       uint64_t id)
{
    const struct go_inspect_ended *e;

    while ((e = rt_ended_find(id))) {
        struct go_inspect_ended *to;
        bool is_new;

        k->failed |=
            mon_table_put(seen, &k->s->arena, e, 0, &is_new) == GO_NOWHERE;
        to = is_new ? MON_ADD(k, ended, nended, ended_cap) : NULL;
        if (!to)
            return;
        *to = *e;
        id = e->created_by;
    }
}

static void take_fates(struct mon_intake *k)
{
    struct mon_table seen = {0};
    const struct go_inspect *in = &k->s->in;

    for (uint32_t i = 0; i < in->nobject; i++)
        for (uint32_t u = 0; u < in->objects[i].nuse; u++)
            take_ended(k, &seen, in->objects[i].use[u].by.goroutine);
    for (uint32_t i = 0; i < in->ngoroutine; i++)
        if (!i ||
            in->goroutines[i].created_by != in->goroutines[i - 1].created_by)
            take_ended(k, &seen, in->goroutines[i].created_by);
    for (uint32_t i = 0; i < in->nabandoned; i++)
        take_ended(k, &seen, in->abandoned[i].goroutine);
}

static void take_rest(struct mon_intake *k)
{
    struct go_inspect *in = &k->s->in;
    const struct rt_config *config = rt_config();
    const void *const *known;

    rt_check(in->nwait == 0 || in->nobject, "waits without an object");
    in->seed = config->seed;
    in->procs = (uint32_t)config->procs;
    in->clock_virtual = config->clock_virtual;
    in->quiescent = k->moment->quiescent;
    in->foreign_life = k->moment->foreign > 0;
    in->elsewhere = rt_known_elsewhere(&known) > 0;
    in->slow = k->moment->slow;
    in->main_ended = true;
    for (uint32_t i = 0; i < in->ngoroutine; i++)
        if (in->goroutines[i].id == 1)
            in->main_ended = false;
    in->main_exited = in->main_ended && rt_main_exited();
    k->s->heap_busy = rt_world_stopped_in_libc() || mon_heap_busy() ||
                      rt_world_stopped_in_loader();
    k->s->gs = k->gs;
}

int mon_snapshot_take(struct mon_snapshot *s, const struct mon_moment *moment)
{
    struct mon_intake k = {.s = s, .moment = moment};

    rt_check(!s->in.ngoroutine, "snapshot: taken twice");
    s->in.now = rt_now(); /* before it takes time to copy */
    take_goroutines(&k);
    take_abandoned(&k);
    mon_intake_disowned(&k);
    mon_intake_timers(&k);
    take_fates(&k);
    take_rest(&k);
    rt_check(k.failed || k.goroutines.n == s->in.ngoroutine,
             "a goroutine was met twice in one snapshot");
    if (moment->stacks && !k.failed && !rt_world_stopped_in_loader())
        k.failed = !mon_stacks_take(s, moment->panicked, NULL);
    return k.failed ? -ENOMEM : 0;
}

bool mon_snapshot_waits_yet(const struct mon_snapshot *s, uint32_t i)
{
    const struct g *g = s->gs[i];

    rt_check(i < s->in.ngoroutine, "snapshot: a goroutine too far");
    return rt_g_status(g) == RT_G_WAITING &&
           rt_load(g->id) == s->in.goroutines[i].id &&
           rt_load(g->wait.since) == s->in.goroutines[i].since;
}

void mon_snapshot_free(struct mon_snapshot *s)
{
    rt_arena_free(&s->arena);
    memset(s, 0, sizeof(*s));
}

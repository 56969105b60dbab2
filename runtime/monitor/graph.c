/*
 * graph.c - the wait-for graph of one snapshot.
 *
 * In:  struct go_inspect. Out: gates with who waits and who could open them,
 * for reduce.c (which are alive), cycle.c (rings) and certificate.c (whom to
 * name).
 *
 * Method: each list (waiters of a gate, openers of a gate) is made in two
 * passes over the snapshot: count, then place. A pass visits edges through
 * one function, with a struct that says which of the two it is, so that the
 * counts cannot disagree with the places.
 *
 * G1  An exact gate lists every goroutine that it takes to open it, as often
 *     as it stands in the way (a read lock taken twice: twice).
 * G2  A gate is exact only where the snapshot says so and the kind is one
 *     whose owners it lists. Everything else is open to whoever reaches it.
 * G3  Doubt is life: an exact gate with nobody in the way is free, unless a
 *     goroutine that ended left it locked. System goroutines are in nobody's
 *     way.
 * G4  A wait belongs to one goroutine, and every index is in bounds; else the
 *     snapshot is wrong and so would be the verdict.
 */
#include "runtime/monitor/graph.h"

#include <errno.h>
#include <string.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/sight.h"

static bool is_group(const struct go_inspect_object *o)
{
    return o->kind == GO_KIND_WAITGROUP || o->kind == GO_KIND_ERRGROUP;
}

static bool is_lock(const struct go_inspect_object *o)
{
    return o->kind == GO_KIND_MUTEX || o->kind == GO_KIND_RWMUTEX ||
           o->kind == GO_KIND_ONCE;
}

/* G2 */
static bool is_exact(const struct go_inspect_object *o)
{
    return o->exact && (is_lock(o) || is_group(o));
}

/*
 * A pending writer waits for the readers, so it stands in the way of those
 * behind it, not in its own. A reader is only in the way of writers.
 */
unsigned mon_graph_sides_held(const struct go_inspect_object *o,
                              const struct go_inspect_hold *hold)
{
    if (!is_exact(o) || !is_lock(o))
        return 0;
    if (o->kind != GO_KIND_RWMUTEX || hold->pending)
        return 1u << MON_SIDE_OWNER;
    if (hold->shared)
        return 1u << MON_SIDE_ALL;
    return 1u << MON_SIDE_OWNER | 1u << MON_SIDE_ALL;
}

uint32_t mon_graph_gate_of_member(const struct mon_graph *graph,
                                  uint32_t goroutine)
{
    uint32_t o = graph->in->goroutines[goroutine].member;

    if (o == GO_NOWHERE)
        return GO_NOWHERE;
    rt_check(o < graph->in->nobject, "graph: G4: member of no such group");
    if (!is_exact(&graph->in->objects[o]) || !is_group(&graph->in->objects[o]))
        return GO_NOWHERE;
    return o * MON_SIDES + MON_SIDE_OWNER;
}

bool mon_did_serves(enum go_did did, enum go_want want)
{
    static const uint16_t serves[] = {
        [GO_WANT_SEND] =
            1 << GO_DID_SEND | 1 << GO_DID_CLOSE | 1 << GO_DID_CANCEL,
        [GO_WANT_RECV] = 1 << GO_DID_RECV | 1 << GO_DID_CLOSE,
        [GO_WANT_UNLOCK] =
            1 << GO_DID_LOCK | 1 << GO_DID_UNLOCK | 1 << GO_DID_RUNLOCK,
        [GO_WANT_DONE] = 1 << GO_DID_ADD | 1 << GO_DID_DONE,
        [GO_WANT_SIGNAL] = 1 << GO_DID_SIGNAL,
        [GO_WANT_RELEASE] = 1 << GO_DID_ACQUIRE | 1 << GO_DID_RELEASE,
        [GO_WANT_ARRIVE] = 1 << GO_DID_ARRIVE,
        [GO_WANT_READY] = 0,
    };

    rt_check(want < sizeof(serves) / sizeof(serves[0]), "graph: unknown want");
    return serves[want] >> did & 1;
}

bool mon_graph_waits_at(const struct mon_graph *graph, uint32_t goroutine,
                        uint32_t gate)
{
    const struct go_inspect_goroutine *g = &graph->in->goroutines[goroutine];

    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++)
        if (graph->gate_of[w] == gate)
            return true;
    return false;
}

/* Counts openers, and in the second pass puts them in their places. */
struct placing {
    struct mon_graph *graph;
    const struct mon_sight *sight;
    bool place;
};

static void opener_add(const struct placing *p, uint32_t gate,
                       uint32_t goroutine, uint32_t hold)
{
    struct mon_gate *k = &p->graph->gates[gate];

    if (p->place)
        p->graph->openers[k->opener + k->nopener] =
            (struct mon_opener){goroutine, hold};
    k->nopener++;
}

/* G1 */
static void openers_exact(const struct placing *p, uint32_t i)
{
    const struct go_inspect *in = p->graph->in;
    const struct go_inspect_goroutine *g = &in->goroutines[i];
    uint32_t member = mon_graph_gate_of_member(p->graph, i);

    if (g->system)
        return;
    if (member != GO_NOWHERE)
        opener_add(p, member, i, GO_NOWHERE);
    rt_check(g->hold + (uint64_t)g->nhold <= in->nhold, "graph: G4: holds");
    for (uint32_t h = g->hold; h < g->hold + g->nhold; h++) {
        uint32_t o = in->holds[h].object;
        unsigned sides;

        rt_check(o < in->nobject, "graph: G4: holds no such object");
        sides = mon_graph_sides_held(&in->objects[o], &in->holds[h]);
        for (unsigned side = 0; side < MON_SIDES; side++)
            if (sides >> side & 1)
                opener_add(p, o * MON_SIDES + side, i, h);
    }
}

/* What the waiters at this gate of an inexact object may want. */
static bool use_serves_side(const struct go_inspect_use *use, unsigned side)
{
    if (side == MON_SIDE_RECV)
        return mon_did_serves(use->did, GO_WANT_RECV);
    for (int want = 0; want <= GO_WANT_READY; want++)
        if (want != GO_WANT_RECV && mon_did_serves(use->did, want))
            return true;
    return false;
}

static bool used_before(const struct go_inspect_object *o, unsigned side,
                        unsigned n)
{
    for (unsigned u = 0; u < n; u++)
        if (o->use[u].by.goroutine == o->use[n].by.goroutine &&
            use_serves_side(&o->use[u], side))
            return true;
    return false;
}

static bool hold_serves_side(const struct mon_holder *h, unsigned side)
{
    unsigned recv = MON_WANT(GO_WANT_RECV);

    return side == MON_SIDE_RECV ? h->wants & recv : h->wants & ~recv;
}

/* Whether a goroutine, or MON_GLOBALS, surely has what opens this side. */
static bool is_seen(const struct mon_holder *h, const struct mon_holder *end,
                    uint32_t who, unsigned side)
{
    for (; h < end; h++)
        if (h->goroutine == who && !h->maybe && hold_serves_side(h, side))
            return true;
    return false;
}

/* Who waits here himself helps nobody. */
static bool waits_on_side(const struct go_inspect *in, uint32_t i,
                          uint32_t object, unsigned side)
{
    const struct go_inspect_goroutine *g = &in->goroutines[i];

    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++)
        if (in->waits[w].object == object &&
            (in->waits[w].want == GO_WANT_RECV) == (side == MON_SIDE_RECV))
            return true;
    return false;
}

/* Who used an inexact object last and is still there: once each, and but where
   it is listed among those that were seen to hold it. */
static void openers_known(const struct placing *p, uint32_t object,
                          unsigned side, const struct mon_holder *h,
                          const struct mon_holder *end)
{
    const struct go_inspect_object *o = &p->graph->in->objects[object];

    rt_check(o->nuse <= GO_INSPECT_USES, "graph: G4: more uses than room");
    for (unsigned u = 0; u < o->nuse; u++) {
        uint32_t g =
            mon_byid_find(&p->graph->goroutines, o->use[u].by.goroutine);

        if (g != GO_NOWHERE && use_serves_side(&o->use[u], side) &&
            !used_before(o, side, u) && !is_seen(h, end, g, side))
            opener_add(p, object * MON_SIDES + side, g, GO_NOWHERE);
    }
}

/* Of those who were seen to hold it, surely or maybe; whether anybody is of
   help. */
static bool openers_listed(const struct placing *p, uint32_t object,
                           unsigned side, const struct mon_holder *h,
                           const struct mon_holder *end, bool maybe)
{
    bool any = false;

    for (; h < end; h++) {
        if (h->goroutine == MON_GLOBALS || h->maybe != maybe ||
            !hold_serves_side(h, side))
            continue;
        rt_check(h->goroutine < p->graph->in->ngoroutine, "graph: G4: holder");
        opener_add(p, object * MON_SIDES + side, h->goroutine, GO_NOWHERE);
        any |= !waits_on_side(p->graph->in, h->goroutine, object, side);
    }
    return any;
}

/*
 * Who was seen to hold an inexact object. What a global holds nobody has lost
 * who used it before: all have that. Of those who only may hold it it is sure
 * that they are all there are besides, and not which of them do.
 */
static void openers_seen(const struct placing *p, uint32_t object,
                         unsigned side, const struct mon_holder *first,
                         const struct mon_holder *end)
{
    openers_listed(p, object, side, first, end, false);
    if (is_seen(first, end, MON_GLOBALS, side))
        openers_known(p, object, side, first, end);
    p->graph->gates[object * MON_SIDES + side].unsure =
        openers_listed(p, object, side, first, end, true);
}

static void openers_inexact(const struct placing *p, uint32_t object)
{
    const struct mon_holder *first = NULL, *end = NULL;
    bool seen = p->sight && p->sight->all_holders;

    if (p->graph->in->objects[object].disowned)
        return; /* to know where it lies is not to hold it */
    if (seen)
        mon_sight_holders(p->sight, object, &first, &end);
    for (unsigned side = 0; side < MON_SIDES; side++)
        if (seen)
            openers_seen(p, object, side, first, end);
        else
            openers_known(p, object, side, NULL, NULL);
}

static void openers_pass(const struct placing *p)
{
    for (uint32_t r = 0; r < p->graph->in->ngoroutine; r++)
        openers_exact(p, p->graph->goroutines.index[r]);
    for (uint32_t o = 0; o < p->graph->in->nobject; o++)
        if (!is_exact(&p->graph->in->objects[o]))
            openers_inexact(p, o);
}

static int openers_build(struct mon_graph *graph, const struct mon_sight *sight,
                         struct rt_arena *arena)
{
    uint32_t n = 0;

    openers_pass(&(struct placing){graph, sight, false});
    for (uint32_t k = 0; k < graph->ngate; k++) {
        graph->gates[k].opener = n;
        n += graph->gates[k].nopener;
        graph->gates[k].nopener = 0;
    }
    graph->openers = rt_arena_alloc(arena, n * sizeof(*graph->openers));
    if (!graph->openers)
        return -ENOMEM;
    openers_pass(&(struct placing){graph, sight, true});
    return 0;
}

/* Whether g has the writer's slot of this lock and waits for its readers. */
static bool is_pending(const struct go_inspect *in,
                       const struct go_inspect_goroutine *g, uint32_t object)
{
    for (uint32_t h = g->hold; h < g->hold + g->nhold; h++)
        if (in->holds[h].object == object && in->holds[h].pending)
            return true;
    return false;
}

/* The gate at which this wait stands. Needs the openers counted. */
static uint32_t gate_of_wait(const struct mon_graph *graph,
                             const struct go_inspect_goroutine *g,
                             const struct go_inspect_wait *w)
{
    const struct go_inspect_object *o;
    uint32_t first = w->object * MON_SIDES;

    if (w->object == GO_NOWHERE)
        return GO_NOWHERE;
    rt_check(w->object < graph->in->nobject, "graph: G4: waits on nothing");
    o = &graph->in->objects[w->object];
    if (!is_exact(o))
        return first +
               (w->want == GO_WANT_RECV ? MON_SIDE_RECV : MON_SIDE_MAIN);
    if (o->kind != GO_KIND_RWMUTEX || w->shared)
        return first + MON_SIDE_OWNER;
    if (is_pending(graph->in, g, w->object) ||
        !graph->gates[first + MON_SIDE_OWNER].nopener)
        return first + MON_SIDE_ALL;
    return first + MON_SIDE_OWNER;
}

static void waits_assign(struct mon_graph *graph)
{
    const struct go_inspect *in = graph->in;

    memset(graph->waits_of, 0xff, in->nwait * sizeof(*graph->waits_of));
    for (uint32_t i = 0; i < in->ngoroutine; i++) {
        const struct go_inspect_goroutine *g = &in->goroutines[i];

        rt_check(g->wait + (uint64_t)g->nwait <= in->nwait, "graph: G4: waits");
        for (uint32_t w = g->wait; w < g->wait + g->nwait; w++) {
            rt_check(graph->waits_of[w] == GO_NOWHERE, "graph: G4: shared");
            graph->waits_of[w] = i;
            graph->gate_of[w] = gate_of_wait(graph, g, &in->waits[w]);
            if (graph->gate_of[w] != GO_NOWHERE)
                graph->gates[graph->gate_of[w]].nwaiter++;
        }
    }
}

static int waits_build(struct mon_graph *graph, struct rt_arena *arena)
{
    uint32_t n = graph->in->nwait, at = 0;

    graph->gate_of = rt_arena_alloc(arena, n * sizeof(*graph->gate_of));
    graph->waits_of = rt_arena_alloc(arena, n * sizeof(*graph->waits_of));
    graph->waiters = rt_arena_alloc(arena, n * sizeof(*graph->waiters));
    if (!graph->gate_of || !graph->waits_of || !graph->waiters)
        return -ENOMEM;
    waits_assign(graph);
    for (uint32_t k = 0; k < graph->ngate; k++) {
        graph->gates[k].waiter = at;
        at += graph->gates[k].nwaiter;
        graph->gates[k].nwaiter = 0;
    }
    for (uint32_t w = 0; w < n; w++) {
        struct mon_gate *k;

        if (graph->waits_of[w] == GO_NOWHERE || graph->gate_of[w] == GO_NOWHERE)
            continue;
        k = &graph->gates[graph->gate_of[w]];
        graph->waiters[k->waiter + k->nwaiter++] = w;
    }
    return 0;
}

/* What a timer feeds, a descriptor and a closed channel wake by themselves. */
static bool opens_itself(const struct go_inspect_object *o)
{
    return o->armed || o->closed || o->kind == GO_KIND_FD;
}

/*
 * Whether the lock is still left locked. The program may have freed it, and
 * its place may be a new lock now, that others hold by rights: then it is not
 * (G3). Of read locks there are more than holders while one is left.
 */
static bool is_left_locked(const struct mon_graph *graph,
                           const struct go_inspect_abandoned *a)
{
    const struct go_inspect_object *o = &graph->in->objects[a->object];
    uint32_t gate =
        a->object * MON_SIDES +
        (o->kind == GO_KIND_RWMUTEX ? MON_SIDE_ALL : MON_SIDE_OWNER);
    const struct mon_gate *k = &graph->gates[gate];
    uint32_t shared = 0;

    for (uint32_t n = k->opener; n < k->opener + k->nopener; n++)
        shared += graph->in->holds[graph->openers[n].hold].shared;
    if (shared < k->nopener)
        return false; /* somebody owns it */
    return a->shared ? o->len > shared : shared == 0;
}

static void gates_break(struct mon_graph *graph)
{
    const struct go_inspect *in = graph->in;

    for (uint32_t n = 0; n < in->nabandoned; n++) {
        const struct go_inspect_abandoned *a = &in->abandoned[n];
        struct mon_gate *k;

        if (a->object == GO_NOWHERE)
            continue;
        rt_check(a->object < in->nobject, "graph: G4: abandoned nothing");
        k = &graph->gates[a->object * MON_SIDES];
        if (!k->exact || !is_lock(&in->objects[a->object]) ||
            !is_left_locked(graph, a))
            continue;
        k[MON_SIDE_ALL].broken = true;
        k[MON_SIDE_OWNER].broken |= !a->shared;
    }
}

static void gates_judge(struct mon_graph *graph)
{
    const struct go_inspect *in = graph->in;

    for (uint32_t k = 0; k < graph->ngate; k++)
        graph->gates[k].exact = is_exact(&in->objects[mon_gate_object(k)]);
    gates_break(graph);
    for (uint32_t k = 0; k < graph->ngate; k++) {
        struct mon_gate *gate = &graph->gates[k];

        gate->free = gate->exact
                         ? !gate->nopener && !gate->broken /* G3 */
                         : opens_itself(&in->objects[mon_gate_object(k)]);
    }
    for (uint32_t t = 0; t < in->ntimer; t++)
        if (in->timers[t].object != GO_NOWHERE) {
            rt_check(in->timers[t].object < in->nobject, "graph: G4: timer");
            graph->gates[in->timers[t].object * MON_SIDES].free = true;
        }
}

/* Waits that name no object: only these are known never to end. */
static bool waits_for_nothing(const struct go_inspect_goroutine *g)
{
    return g->reason == GO_WAIT_CHAN_RECV_NIL ||
           g->reason == GO_WAIT_CHAN_SEND_NIL ||
           g->reason == GO_WAIT_SELECT_EMPTY || g->reason == GO_WAIT_SELECT;
}

static bool moves_by_itself(const struct go_inspect_goroutine *g)
{
    if (g->state != GO_STATE_WAITING || g->until >= 0)
        return true;
    return !g->nwait && !waits_for_nothing(g);
}

static int moves_build(struct mon_graph *graph, struct rt_arena *arena)
{
    const struct go_inspect *in = graph->in;

    graph->moves = rt_arena_alloc(arena, in->ngoroutine);
    if (!graph->moves)
        return -ENOMEM;
    for (uint32_t i = 0; i < in->ngoroutine; i++)
        graph->moves[i] =
            !in->goroutines[i].system && moves_by_itself(&in->goroutines[i]);
    for (uint32_t t = 0; t < in->ntimer; t++)
        if (in->timers[t].goroutine != GO_NOWHERE) {
            rt_check(in->timers[t].goroutine < in->ngoroutine,
                     "graph: G4: timer wakes nobody");
            graph->moves[in->timers[t].goroutine] =
                !in->goroutines[in->timers[t].goroutine].system;
        }
    return 0;
}

int mon_graph_build(struct mon_graph *graph, const struct go_inspect *in,
                    const struct mon_sight *sight, struct rt_arena *arena)
{
    memset(graph, 0, sizeof(*graph));
    graph->in = in;
    rt_check(in->nobject < GO_NOWHERE / MON_SIDES, "graph: too many objects");
    graph->ngate = in->nobject * MON_SIDES;
    graph->gates = rt_arena_alloc(arena, graph->ngate * sizeof(*graph->gates));
    if (!graph->gates ||
        mon_byid_build(&graph->goroutines, in->goroutines,
                       sizeof(*in->goroutines), in->ngoroutine, arena) ||
        mon_byid_build(&graph->ended, in->ended, sizeof(*in->ended), in->nended,
                       arena) ||
        openers_build(graph, sight, arena) || waits_build(graph, arena) ||
        moves_build(graph, arena))
        return -ENOMEM;
    gates_judge(graph);
    return 0;
}

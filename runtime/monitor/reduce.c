/*
 * reduce.c - decide which waiting goroutines can never run again.
 *
 * In:  the graph of one snapshot, and who may reach what. Out: LIVE or STUCK
 * on every goroutine. Which ring to show a person is cycle.c's business.
 *
 * Method: graph reduction. What can move by itself (running, runnable, on a
 * timer, on a descriptor) starts LIVE, and life spreads backwards along the
 * edges. An exact gate opens when all its openers are LIVE: each that comes
 * to life takes one off its count. Another gate opens when somebody alive
 * reaches its object. An open gate makes all its waiters LIVE: who may come
 * through first is a matter of the schedule.
 *
 * R1  Marks only go from STUCK to LIVE, so the order of the worklist cannot
 *     change the verdict, and each edge is followed once.
 * R2  Doubt counts as life. We may miss a leak; we never report one that is
 *     not there.
 *     Nothing is known of an object that is gone: whoever lives may wake those
 *     who wait for it.
 * R3  What an earlier look has proven stays proven: it lives no more, whatever
 *     a word that looks like a pointer may say today.
 * R4  At the end every stuck goroutine stands only at gates that are shut, and
 *     every exact one of these has somebody stuck, or gone for good, in its
 *     way. This is checked each time: who accuses gives account.
 *
 * Why not a cycle search: it calls a select dead because one of its cases is,
 * and never sees a goroutine left alone on a channel nobody else holds.
 */
#include "runtime/monitor/reduce.h"

#include <errno.h>
#include <string.h>

#include "runtime/base/throw.h"

static void live(struct mon_reduction *r, uint32_t i)
{
    if (r->live[i] || r->graph->in->goroutines[i].system ||
        r->graph->in->goroutines[i].proven)
        return;
    rt_check(r->tail < r->graph->in->ngoroutine, "reduce: R1: lives twice");
    r->live[i] = 1;
    r->any_life = true;
    r->queue[r->tail++] = i;
}

static void gate_open(struct mon_reduction *r, uint32_t gate)
{
    const struct mon_gate *k = &r->graph->gates[gate];

    if (r->open[gate])
        return;
    rt_check(!k->broken, "reduce: a lock that was left locked opens");
    r->open[gate] = 1;
    for (uint32_t w = k->waiter; w < k->waiter + k->nwaiter; w++)
        live(r, r->graph->waits_of[r->graph->waiters[w]]);
}

void mon_reduce_reach(struct mon_reduction *r, uint32_t object, unsigned wants)
{
    uint32_t first = object * MON_SIDES;

    rt_check(object < r->graph->in->nobject, "reduce: reaches no such object");
    if (r->graph->gates[first].exact)
        return;
    if (wants & MON_WANT(GO_WANT_RECV))
        gate_open(r, first + MON_SIDE_RECV);
    if (wants & ~MON_WANT(GO_WANT_RECV))
        gate_open(r, first + MON_SIDE_MAIN);
}

/* R2: without a scan, whoever lives may hold a handle of anything. */
static void reach_everything(struct mon_reduction *r)
{
    if (r->reached_all)
        return;
    r->reached_all = true;
    for (uint32_t o = 0; o < r->graph->in->nobject; o++)
        mon_reduce_reach(r, o, MON_WANT_ALL);
}

/* R2 */
static void reach_gone(struct mon_reduction *r)
{
    for (uint32_t o = 0; o < r->graph->in->nobject; o++)
        if (r->graph->in->objects[o].kind == GO_KIND_GONE)
            mon_reduce_reach(r, o, MON_WANT_ALL);
}

static void one_less(struct mon_reduction *r, uint32_t gate)
{
    rt_check(r->missing[gate], "reduce: R1: an opener came to life twice");
    r->missing[gate]--;
    if (!r->missing[gate] && !r->graph->gates[gate].broken)
        gate_open(r, gate);
}

/* The exact gates that this goroutine was in the way of. */
static void steps_aside(struct mon_reduction *r, uint32_t i)
{
    const struct go_inspect *in = r->graph->in;
    const struct go_inspect_goroutine *g = &in->goroutines[i];
    uint32_t member = mon_graph_gate_of_member(r->graph, i);

    if (member != GO_NOWHERE)
        one_less(r, member);
    for (uint32_t h = g->hold; h < g->hold + g->nhold; h++) {
        uint32_t o = in->holds[h].object;
        unsigned sides = mon_graph_sides_held(&in->objects[o], &in->holds[h]);

        for (unsigned side = 0; side < MON_SIDES; side++)
            if (sides >> side & 1)
                one_less(r, o * MON_SIDES + side);
    }
}

/*
 * Life besides goroutines: other threads, and timers that call. And what the
 * first life of all makes reachable, whoever it is.
 */
static void roots(struct mon_reduction *r, const struct mon_reach *reach,
                  enum mon_doubt doubt)
{
    const struct go_inspect *in = r->graph->in;
    bool life = in->foreign_life && doubt == MON_DOUBT_ALL;

    for (uint32_t t = 0; t < in->ntimer; t++)
        life |= in->timers[t].calls;
    r->any_life |= life;
    if (reach)
        reach->from(reach->arg, MON_OUTSIDE, r);
    if (reach && r->any_life)
        reach->from(reach->arg, MON_GLOBALS, r);
    else if (life)
        reach_everything(r);
    if (r->any_life)
        reach_gone(r);
}

static void begin(struct mon_reduction *r)
{
    const struct mon_graph *graph = r->graph;

    for (uint32_t k = 0; k < graph->ngate; k++) {
        if (graph->gates[k].exact)
            r->missing[k] = graph->gates[k].nopener;
        if (graph->gates[k].free)
            gate_open(r, k);
    }
    for (uint32_t i = 0; i < graph->in->ngoroutine; i++)
        if (graph->moves[i])
            live(r, i);
}

static void spread(struct mon_reduction *r, const struct mon_reach *reach,
                   enum mon_doubt doubt)
{
    while (r->head < r->tail) {
        uint32_t i = r->queue[r->head++];

        steps_aside(r, i);
        if (doubt == MON_DOUBT_NO_THREADS &&
            r->graph->in->goroutines[i].state == GO_STATE_FOREIGN)
            continue;
        if (reach)
            reach->from(reach->arg, i, r);
        else
            reach_everything(r);
    }
}

/* R4 */
static void give_account(const struct mon_reduction *r)
{
    const struct mon_graph *graph = r->graph;

    for (uint32_t w = 0; w < graph->in->nwait; w++) {
        uint32_t i = graph->waits_of[w], gate = graph->gate_of[w];

        if (i == GO_NOWHERE || r->live[i] || graph->in->goroutines[i].proven)
            continue;
        rt_check(!graph->moves[i], "reduce: R4: stuck, but moves by itself");
        if (gate == GO_NOWHERE)
            continue;
        rt_check(!r->open[gate], "reduce: R4: stuck at an open gate");
        rt_check(!graph->gates[gate].exact || graph->gates[gate].broken ||
                     r->missing[gate],
                 "reduce: R4: nobody stuck is in the way");
    }
}

int mon_reduce(const struct mon_graph *graph, const struct mon_reach *reach,
               enum mon_doubt doubt, struct rt_arena *arena,
               struct mon_reduction *r)
{
    uint32_t n = graph->in->ngoroutine;

    memset(r, 0, sizeof(*r));
    r->graph = graph;
    r->live = rt_arena_alloc(arena, n);
    r->open = rt_arena_alloc(arena, graph->ngate);
    r->missing = rt_arena_alloc(arena, graph->ngate * sizeof(*r->missing));
    r->queue = rt_arena_alloc(arena, n * sizeof(*r->queue));
    if (!r->live || !r->open || !r->missing || !r->queue)
        return -ENOMEM;
    begin(r);
    roots(r, reach, doubt);
    spread(r, reach, doubt);
    /* The runtime's own are nobody's business: neither life nor stuck. */
    for (uint32_t i = 0; i < n; i++)
        if (graph->in->goroutines[i].system)
            r->live[i] = 1;
    give_account(r);
    return 0;
}

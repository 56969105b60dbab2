/*
 * group.c - stuck goroutines put together to what a person calls one problem.
 *
 * In:  the graph and which goroutines are stuck. Out: groups, for finding.c.
 *
 * Method: in the graph of components (scc.h) every way ends in a sink. A sink
 * with a goroutine and a gate is a ring or a knot; a gate alone is an object
 * that nobody left can open; a goroutine alone waits for nothing. Components
 * are numbered sinks first, so one pass tells each where it leads; who leads
 * to several goes with the one of the lowest id, so that the numbering of
 * stack slots, which is chance, shows nowhere.
 *
 * U1  Every stuck goroutine is in exactly one group; every group has a core.
 */
#include "runtime/monitor/group.h"

#include <errno.h>
#include <string.h>

#include "runtime/base/throw.h"

struct sorting {
    struct mon_groups *groups;
    struct mon_scc scc;
    struct mon_cycle *cycle;
    uint32_t *lead;  /* [scc.n] the sink that it goes with */
    uint32_t *key;   /* [scc.n] of a sink: lowest rank by id, in it or at it */
    uint32_t *group; /* [scc.n] of a sink; GO_NOWHERE: none yet */
    uint32_t *place; /* [ngoroutine] 1.. in the ring; 0: in none */
};

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The lowest rank of who is in this sink, or waits at it. */
static uint32_t key_of(const struct sorting *s, uint32_t c)
{
    const struct mon_scc *scc = &s->scc;
    const struct mon_graph *graph = scc->graph;
    uint32_t key = GO_NOWHERE;

    for (uint32_t m = scc->first[c]; m < scc->first[c + 1]; m++) {
        uint32_t node = scc->node[m];
        const struct mon_gate *k;

        if (!mon_scc_is_gate(scc, node)) {
            key = least(key, graph->goroutines.rank[node]);
            continue;
        }
        if (scc->first[c + 1] - scc->first[c] > 1)
            continue;
        k = &graph->gates[node - graph->in->ngoroutine];
        for (uint32_t w = k->waiter; w < k->waiter + k->nwaiter; w++) {
            uint32_t i = graph->waits_of[graph->waiters[w]];

            if (scc->stuck[i])
                key = least(key, graph->goroutines.rank[i]);
        }
    }
    rt_check(key != GO_NOWHERE, "group: a sink that nobody is at");
    return key;
}

static void leads_assign(struct sorting *s)
{
    const struct mon_scc *scc = &s->scc;

    for (uint32_t c = 0; c < scc->n; c++) {
        uint32_t lead = GO_NOWHERE;

        for (uint32_t m = scc->first[c]; m < scc->first[c + 1]; m++) {
            uint32_t at = 0, next;

            while ((next = mon_scc_next(scc, scc->node[m], &at)) !=
                   GO_NOWHERE) {
                uint32_t to = scc->of[next];

                if (to == c)
                    continue;
                rt_check(to < c, "group: components are not in order");
                if (lead == GO_NOWHERE || s->key[s->lead[to]] < s->key[lead])
                    lead = s->lead[to];
            }
        }
        s->lead[c] = lead == GO_NOWHERE ? c : lead;
        if (lead == GO_NOWHERE)
            s->key[c] = key_of(s, c);
    }
}

/* The gate that alone makes up sink c, as a node, or GO_NOWHERE. */
static uint32_t lone_gate(const struct mon_scc *scc, uint32_t c)
{
    uint32_t node = scc->node[scc->first[c]];

    if (scc->first[c + 1] - scc->first[c] == 1 && mon_scc_is_gate(scc, node))
        return node;
    return GO_NOWHERE;
}

/* What holds the group of sink c together; numbers the ring if it is one. */
static enum go_shape shape_of(struct sorting *s, uint32_t c)
{
    const struct mon_scc *scc = &s->scc;
    uint32_t gate = lone_gate(scc, c);
    struct mon_ring ring;

    if (gate != GO_NOWHERE) {
        gate -= scc->graph->in->ngoroutine;
        return scc->graph->gates[gate].broken ? GO_SHAPE_ABANDONED
                                              : GO_SHAPE_ORPHAN;
    }
    if (scc->first[c + 1] - scc->first[c] == 1)
        return GO_SHAPE_ORPHAN;
    mon_cycle_find(s->cycle, c, &ring);
    for (uint32_t n = 0; n < ring.n; n++)
        s->place[ring.goroutine[n]] = n + 1;
    return ring.n ? GO_SHAPE_RING : GO_SHAPE_KNOT;
}

static bool is_core(const struct sorting *s, uint32_t i)
{
    const struct mon_scc *scc = &s->scc;
    uint32_t sink = s->lead[scc->of[i]], gate = lone_gate(scc, sink), at = 0,
             next;

    if (scc->of[i] == sink)
        return s->groups->list[s->groups->of[i]].shape != GO_SHAPE_RING ||
               s->place[i];
    if (gate == GO_NOWHERE)
        return false;
    while ((next = mon_scc_next(scc, i, &at)) != GO_NOWHERE)
        if (next == gate)
            return true;
    return false;
}

/* Makes the groups and counts who is in them, in the order of ids. */
static void groups_count(struct sorting *s)
{
    const struct mon_graph *graph = s->scc.graph;
    struct mon_groups *groups = s->groups;

    for (uint32_t r = 0; r < graph->in->ngoroutine; r++) {
        uint32_t i = graph->goroutines.index[r], sink;

        groups->of[i] = GO_NOWHERE;
        if (!s->scc.stuck[i])
            continue;
        sink = s->lead[s->scc.of[i]];
        if (s->group[sink] == GO_NOWHERE) {
            s->group[sink] = groups->n++;
            groups->list[s->group[sink]].shape = shape_of(s, sink);
        }
        groups->of[i] = s->group[sink];
        groups->list[s->group[sink]].n++;
        groups->list[s->group[sink]].ncore += is_core(s, i);
    }
}

/* U1: core[] and others[] count up to ncore and n - ncore of each group. */
static void members_place(struct sorting *s, uint32_t *core, uint32_t *others)
{
    const struct mon_graph *graph = s->scc.graph;
    struct mon_groups *groups = s->groups;

    for (uint32_t r = 0; r < graph->in->ngoroutine; r++) {
        uint32_t i = graph->goroutines.index[r], at, k = groups->of[i];
        const struct mon_group *g;

        if (k == GO_NOWHERE)
            continue;
        g = &groups->list[k];
        if (!is_core(s, i))
            at = g->ncore + others[k]++;
        else if (s->place[i])
            at = s->place[i] - 1;
        else
            at = core[k]++;
        rt_check(at < g->n, "group: U1: more members than counted");
        groups->member[g->first + at] = i;
    }
}

static int members_build(struct sorting *s, struct rt_arena *arena)
{
    struct mon_groups *groups = s->groups;
    size_t row = (size_t)groups->n * sizeof(uint32_t);
    uint32_t *core = rt_arena_alloc(arena, row), n = 0;
    uint32_t *others = rt_arena_alloc(arena, row);

    for (uint32_t k = 0; k < groups->n; k++) {
        rt_check(groups->list[k].ncore, "group: U1: a group without a core");
        groups->list[k].first = n;
        n += groups->list[k].n;
    }
    groups->member = rt_arena_alloc(arena, (size_t)n * sizeof(uint32_t));
    if (!core || !others || !groups->member)
        return -ENOMEM;
    members_place(s, core, others);
    return 0;
}

static int sorting_new(struct sorting *s, uint32_t ngoroutine,
                       struct rt_arena *arena)
{
    size_t row = (size_t)s->scc.n * sizeof(uint32_t);
    size_t each = (size_t)ngoroutine * sizeof(uint32_t);

    s->cycle = mon_cycle_new(&s->scc, arena);
    s->lead = rt_arena_alloc(arena, row);
    s->key = rt_arena_alloc(arena, row);
    s->group = rt_arena_alloc(arena, row);
    s->place = rt_arena_alloc(arena, each);
    s->groups->of = rt_arena_alloc(arena, each);
    s->groups->list =
        rt_arena_alloc(arena, s->scc.n * sizeof(*s->groups->list));
    if (!s->cycle || !s->lead || !s->key || !s->group || !s->place ||
        !s->groups->of || !s->groups->list)
        return -ENOMEM;
    memset(s->group, 0xff, row);
    return 0;
}

int mon_group_find(struct mon_groups *groups, const struct mon_graph *graph,
                   const uint8_t *stuck, struct rt_arena *arena)
{
    struct sorting s;

    memset(&s, 0, sizeof(s));
    memset(groups, 0, sizeof(*groups));
    s.groups = groups;
    if (mon_scc_find(&s.scc, graph, stuck, arena) ||
        sorting_new(&s, graph->in->ngoroutine, arena))
        return -ENOMEM;
    leads_assign(&s);
    groups_count(&s);
    return members_build(&s, arena);
}

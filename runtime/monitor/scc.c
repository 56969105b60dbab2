/*
 * scc.c - strongly connected components of the stuck part of a graph.
 *
 * In:  a graph and which goroutines to look at. Out: components in reverse
 * topological order, for group.c and cycle.c.
 *
 * Method: Tarjan's, with a stack of its own, for a chain of a hundred
 * thousand goroutines would be as many calls. Roots are taken by id.
 *
 * S1  A node gets its component exactly once, when its component is complete.
 * S2  A last user of an inexact object counts as one who could open its gate,
 *     but not when it waits at that very gate itself.
 */
#include "runtime/monitor/scc.h"

#include <errno.h>
#include <string.h>

#include "runtime/base/throw.h"

struct walk {
    struct mon_scc *s;
    uint32_t *number; /* [nnode] in order of discovery from 1; 0: not yet */
    uint32_t *low;    /* [nnode] lowest number that is reached from it */
    uint32_t *at;     /* [nnode] next edge to follow */
    uint32_t *path;   /* nodes whose edges are being followed */
    uint32_t *open;   /* nodes found, without a component yet */
    uint32_t npath, nopen, count;
};

static uint32_t next_gate(const struct mon_scc *s, uint32_t goroutine,
                          uint32_t *at)
{
    const struct go_inspect_goroutine *g = &s->graph->in->goroutines[goroutine];

    while (*at < g->nwait) {
        uint32_t gate = s->graph->gate_of[g->wait + (*at)++];

        if (gate != GO_NOWHERE)
            return s->graph->in->ngoroutine + gate;
    }
    return GO_NOWHERE;
}

static uint32_t next_opener(const struct mon_scc *s, uint32_t gate,
                            uint32_t *at)
{
    const struct mon_gate *k = &s->graph->gates[gate];

    while (*at < k->nopener) {
        uint32_t i = s->graph->openers[k->opener + (*at)++].goroutine;

        if (s->stuck[i] &&
            (k->exact || !mon_graph_waits_at(s->graph, i, gate))) /* S2 */
            return i;
    }
    return GO_NOWHERE;
}

uint32_t mon_scc_next(const struct mon_scc *s, uint32_t node, uint32_t *at)
{
    rt_assert(node < s->nnode, "scc: no such node");
    if (mon_scc_is_gate(s, node))
        return next_opener(s, node - s->graph->in->ngoroutine, at);
    return next_gate(s, node, at);
}

static void enter(struct walk *w, uint32_t node)
{
    w->number[node] = w->low[node] = ++w->count;
    w->path[w->npath++] = node;
    w->open[w->nopen++] = node;
}

/* Takes the component of which node was found first off the open ones. */
static void complete(struct walk *w, uint32_t node)
{
    struct mon_scc *s = w->s;
    uint32_t at = s->first[s->n], member;

    do {
        member = w->open[--w->nopen];
        rt_check(s->of[member] == GO_NOWHERE, "scc: S1: in two components");
        s->of[member] = s->n;
        s->node[at++] = member;
    } while (member != node);
    s->first[++s->n] = at;
}

static void follow(struct walk *w, uint32_t root)
{
    enter(w, root);
    while (w->npath) {
        uint32_t node = w->path[w->npath - 1];
        uint32_t next = mon_scc_next(w->s, node, &w->at[node]);

        if (next == GO_NOWHERE) {
            w->npath--;
            if (w->low[node] == w->number[node])
                complete(w, node);
            if (w->npath && w->low[node] < w->low[w->path[w->npath - 1]])
                w->low[w->path[w->npath - 1]] = w->low[node];
        } else if (!w->number[next]) {
            enter(w, next);
        } else if (w->s->of[next] == GO_NOWHERE &&
                   w->number[next] < w->low[node]) {
            w->low[node] = w->number[next];
        }
    }
}

/* An array of a number for each node, and one more. */
static uint32_t *numbers(const struct mon_scc *s, struct rt_arena *arena)
{
    return rt_arena_alloc(arena, ((size_t)s->nnode + 1) * sizeof(uint32_t));
}

static int walk_new(struct walk *w, struct mon_scc *s, struct rt_arena *arena)
{
    memset(w, 0, sizeof(*w));
    w->s = s;
    w->number = numbers(s, arena);
    w->low = numbers(s, arena);
    w->at = numbers(s, arena);
    w->path = numbers(s, arena);
    w->open = numbers(s, arena);
    return w->number && w->low && w->at && w->path && w->open ? 0 : -ENOMEM;
}

int mon_scc_find(struct mon_scc *s, const struct mon_graph *graph,
                 const uint8_t *stuck, struct rt_arena *arena)
{
    struct walk w;

    memset(s, 0, sizeof(*s));
    s->graph = graph;
    s->stuck = stuck;
    s->nnode = graph->in->ngoroutine + graph->ngate;
    s->of = numbers(s, arena);
    s->first = numbers(s, arena);
    s->node = numbers(s, arena);
    if (!s->of || !s->first || !s->node || walk_new(&w, s, arena))
        return -ENOMEM;
    memset(s->of, 0xff, s->nnode * sizeof(*s->of));
    for (uint32_t n = 0; n < graph->in->ngoroutine; n++) {
        uint32_t i = graph->goroutines.index[n];

        if (stuck[i] && !w.number[i])
            follow(&w, i);
    }
    return 0;
}

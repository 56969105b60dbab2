/*
 * cycle.c - which ring of a component to show a person.
 *
 * In:  a strongly connected component of stuck goroutines. Out: one ring, the
 * shortest there is, for a finding's headline.
 *
 * Method: breadth-first search from each goroutine of the component, lowest
 * id first, over edges that must be waited for, until it comes back; cut off
 * at the best length so far. In a big component only the first 64 are tried,
 * and fewer once a ring is found and many steps were taken: any ring is a
 * proof, and the work stays linear.
 *
 * C1  Every edge of a ring is necessary: from a goroutine with one gate, to a
 *     goroutine that this gate takes (exact), or its only known opener.
 * C2  A ring begins with its lowest id: a lower one in it would have been a
 *     start before, and have found it.
 */
#include "runtime/monitor/cycle.h"

#include "runtime/base/throw.h"

/* Steps after which the ring that was found is short enough. */
enum {
    STEPS_ENOUGH = 1 << 16
};

struct mon_cycle {
    const struct mon_scc *s;
    uint32_t *seen;       /* [nnode] number of the search that was there */
    uint32_t *from;       /* [ngoroutine] who waits for it, in this search */
    uint32_t *depth;      /* [ngoroutine] */
    uint32_t *queue;      /* [ngoroutine] */
    uint32_t *ring;       /* [ngoroutine] the best so far */
    const uint32_t *rank; /* [ngoroutine] place in the order of ids */
    uint32_t search;
    uint64_t steps; /* in this component */
};

struct mon_cycle *mon_cycle_new(const struct mon_scc *s, struct rt_arena *arena)
{
    uint32_t n = s->graph->in->ngoroutine;
    size_t row = (size_t)n * sizeof(uint32_t);
    struct mon_cycle *c = rt_arena_alloc(arena, sizeof(*c));

    if (!c)
        return NULL;
    c->s = s;
    c->seen = rt_arena_alloc(arena, (size_t)s->nnode * sizeof(uint32_t));
    c->from = rt_arena_alloc(arena, row);
    c->depth = rt_arena_alloc(arena, row);
    c->queue = rt_arena_alloc(arena, row);
    c->ring = rt_arena_alloc(arena, row);
    c->rank = s->graph->goroutines.rank;
    if (!c->seen || !c->from || !c->depth || !c->queue || !c->ring)
        return NULL;
    return c;
}

/* The one gate at which i waits, as a node; GO_NOWHERE: it has a choice. */
static uint32_t only_gate(const struct mon_scc *s, uint32_t i)
{
    uint32_t at = 0, gate = mon_scc_next(s, i, &at), other;

    while ((other = mon_scc_next(s, i, &at)) != GO_NOWHERE)
        if (other != gate)
            return GO_NOWHERE;
    return gate;
}

/* C1: whether waiting at this gate is waiting for each of its openers. */
static bool takes_all(const struct mon_scc *s, uint32_t gate)
{
    const struct mon_gate *k =
        &s->graph->gates[gate - s->graph->in->ngoroutine];
    uint32_t at = 0;

    if (k->exact || k->unsure)
        return k->exact;
    return mon_scc_next(s, gate, &at) != GO_NOWHERE &&
           mon_scc_next(s, gate, &at) == GO_NOWHERE;
}

static bool visit(struct mon_cycle *c, uint32_t node)
{
    if (c->seen[node] == c->search)
        return false;
    c->seen[node] = c->search;
    return true;
}

/*
 * Searches a way from start back to it, shorter than limit; its length, and
 * the last one before start in *last; 0: none.
 */
static uint32_t way_back(struct mon_cycle *c, uint32_t start, uint32_t limit,
                         uint32_t *last)
{
    const struct mon_scc *s = c->s;
    uint32_t head = 0, tail = 0, next;

    c->search++;
    c->queue[tail++] = start;
    c->depth[start] = 1;
    visit(c, start);
    while (head < tail && c->depth[c->queue[head]] < limit) {
        uint32_t i = c->queue[head++], gate = only_gate(s, i), at = 0;

        c->steps++;
        if (gate == GO_NOWHERE || s->of[gate] != s->of[start] ||
            !visit(c, gate) || !takes_all(s, gate))
            continue;
        while ((next = mon_scc_next(s, gate, &at)) != GO_NOWHERE) {
            if (next == start) {
                *last = i;
                return c->depth[i];
            }
            if (s->of[next] != s->of[start] || !visit(c, next))
                continue;
            c->from[next] = i;
            c->depth[next] = c->depth[i] + 1;
            rt_check(tail < s->graph->in->ngoroutine, "cycle: queued twice");
            c->queue[tail++] = next;
        }
    }
    return 0;
}

/* Writes the way that ends in last down, from start on. */
static void keep(struct mon_cycle *c, uint32_t last, uint32_t n)
{
    for (uint32_t at = n; at-- > 0; last = c->from[last])
        c->ring[at] = last;
}

/* The goroutines with the lowest ids of component k, in order: how many. */
static uint32_t starts_of(struct mon_cycle *c, uint32_t k,
                          uint32_t start[MON_CYCLE_STARTS])
{
    const struct mon_scc *s = c->s;
    uint32_t n = 0;

    for (uint32_t m = s->first[k]; m < s->first[k + 1]; m++) {
        uint32_t node = s->node[m], at;

        if (mon_scc_is_gate(s, node))
            continue;
        if (n < MON_CYCLE_STARTS)
            at = n++;
        else if (c->rank[node] < c->rank[start[n - 1]])
            at = n - 1;
        else
            continue;
        for (; at && c->rank[start[at - 1]] > c->rank[node]; at--)
            start[at] = start[at - 1];
        start[at] = node;
    }
    return n;
}

void mon_cycle_find(struct mon_cycle *c, uint32_t k, struct mon_ring *ring)
{
    uint32_t start[MON_CYCLE_STARTS], n = starts_of(c, k, start);
    uint32_t best = UINT32_MAX, last = 0;

    c->steps = 0;
    ring->n = 0;
    ring->goroutine = c->ring;
    for (uint32_t i = 0; i < n && best > 1; i++) {
        uint32_t length;

        if (ring->n && c->steps > STEPS_ENOUGH)
            break;
        length = way_back(c, start[i], best, &last);
        if (!length)
            continue;
        rt_check(length < best, "cycle: a longer ring was taken");
        best = ring->n = length;
        keep(c, last, length);
    }
}

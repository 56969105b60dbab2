/*
 * scc.h - strongly connected components of the stuck part of a graph.
 *
 * Nodes are numbered in one row: goroutine i is i, gate k is ngoroutine + k.
 * An edge leads from a stuck goroutine to each gate where it waits, and from
 * a gate to each stuck goroutine that could open it. A component that leads
 * to no other is a sink: what its goroutines wait for is decided in it alone.
 */
#ifndef MON_SCC_H
#define MON_SCC_H

#include "runtime/monitor/graph.h"

struct mon_scc {
    const struct mon_graph *graph;
    const uint8_t *stuck; /* [ngoroutine] the part of the graph to look at */
    uint32_t nnode;
    uint32_t *of;    /* [nnode] component, GO_NOWHERE: not part of it */
    uint32_t n;      /* components; each has a lower number than all that
                        lead to it */
    uint32_t *first; /* [n + 1] component c is node[first[c] .. first[c+1]) */
    uint32_t *node;
};

/* 0, or -ENOMEM. */
int mon_scc_find(struct mon_scc *s, const struct mon_graph *graph,
                 const uint8_t *stuck, struct rt_arena *arena);

/* The successor of node at *at, which moves on; GO_NOWHERE: no more. *at is 0
   in the beginning. */
uint32_t mon_scc_next(const struct mon_scc *s, uint32_t node, uint32_t *at);

static inline bool mon_scc_is_gate(const struct mon_scc *s, uint32_t node)
{
    return node >= s->graph->in->ngoroutine;
}

#endif

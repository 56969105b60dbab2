/*
 * cycle.h - which ring of a component to show a person.
 */
#ifndef MON_CYCLE_H
#define MON_CYCLE_H

#include "runtime/monitor/scc.h"

/*
 * A ring in which each goroutine can only be woken by the next: each waits at
 * one gate, which takes the next one to open. That alone is a proof.
 */
struct mon_ring {
    uint32_t n;          /* goroutines; 0: there is none */
    uint32_t *goroutine; /* [n] lowest id first, each waits for the next */
};

/* Room for the search in graphs as big as this one. */
struct mon_cycle;
struct mon_cycle *mon_cycle_new(const struct mon_scc *s,
                                struct rt_arena *arena);

/*
 * The shortest ring through any of the first MON_CYCLE_STARTS goroutines by
 * id of component c, in *ring; among equals that of the lowest id. The ring's
 * array is good until the next call.
 */
enum {
    MON_CYCLE_STARTS = 64
};
void mon_cycle_find(struct mon_cycle *cycle, uint32_t c, struct mon_ring *ring);

#endif

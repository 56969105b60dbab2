/*
 * horizon.h - what time alone will bring: the next instant at which a timer
 * does anything, whom it wakes, and whether anything can move before.
 */
#ifndef MON_HORIZON_H
#define MON_HORIZON_H

#include "runtime/monitor/finding.h"
#include "runtime/monitor/graph.h"

/* When the first timer wakes the goroutine with this index; -1: none does. */
int64_t mon_horizon_of(const struct go_inspect *in, uint32_t goroutine);

/* fate [ngoroutine] enum mon_fate. */
void mon_horizon_find(const struct mon_graph *graph, const uint8_t *fate,
                      struct mon_horizon *out);

#endif

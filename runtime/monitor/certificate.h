/*
 * certificate.h - for each gate that a stuck goroutine waits at: who could
 * have opened it, and what became of each.
 */
#ifndef MON_CERTIFICATE_H
#define MON_CERTIFICATE_H

#include "runtime/monitor/finding.h"
#include "runtime/monitor/graph.h"

struct mon_certify {
    const struct mon_graph *graph;
    const struct mon_sight *sight; /* NULL: memory was not scanned */
    const uint8_t *stuck;          /* [ngoroutine] */
    const uint8_t *fate;           /* [ngoroutine] enum mon_fate */
    const uint8_t *alive;          /* [ngoroutine] is, but told of too */
    bool all_asleep;               /* nothing at all is alive */
};

/*
 * One for each wait of the goroutines with stuck[i] or alive[i] set, as pointers
 * by index in waits[]; who wait at the same gate share one. NULL for the
 * others, for a wait on nothing, and where nobody's help is wanted. 0, or
 * -ENOMEM.
 */
int mon_certificate_build(const struct mon_certify *ask, struct rt_arena *arena,
                          const struct mon_certificate *const **certificates);

#endif

/*
 * waitgroup.h - a wait group from inside: an errgroup is one with an error.
 *
 * The group begins with its go_waitgroup. All three outside rt_enter.
 */
#ifndef RT_SYNC_WAITGROUP_H
#define RT_SYNC_WAITGROUP_H

#include <vigil/inspect.h>

#include "runtime/sched/g.h"

/*
 * Counts up and starts call as a member; at_end is called when it has ended,
 * and calls rt_waitgroup_leave last. Panics "go of nil func value".
 */
void rt_waitgroup_start(struct go_waitgroup *wg, enum go_kind kind,
                        const struct go_call *call, void (*at_end)(struct g *g),
                        const struct go_site *site);
/* Counts g out of the group that it is a member of. */
void rt_waitgroup_leave(struct g *g);
/* Parks until the count is 0. */
void rt_waitgroup_wait(struct go_waitgroup *wg, enum go_kind kind,
                       enum go_wait_reason reason, const struct go_site *site);

#endif

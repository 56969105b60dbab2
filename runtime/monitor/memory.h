/*
 * memory.h - who can get at what: the scan of the program's memory for a look.
 */
#ifndef MON_MEMORY_H
#define MON_MEMORY_H

#include "runtime/monitor/sight.h"
#include "runtime/monitor/snapshot.h"

/*
 * Scans memory, when that can tell more than the graph alone: *sight is filled
 * in and 1 is returned; 0: there was nothing to be gained, or it could not be
 * done, and then the snapshot's limits say why. All memory is the snapshot's.
 * frame: of the goroutine that looks, as for rt_threads_stop. holders: also asks who of the stuck holds what, for a report.
 *
 * Only while the world is stopped. Stops all other threads of the program
 * for that time (threads.h), which may end system calls of theirs.
 */
int mon_memory_look(struct mon_snapshot *s, void *frame, bool holders,
                    struct mon_sight *sight);

#endif

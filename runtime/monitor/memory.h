/*
 * memory.h - who can get at what: the scan of the program's memory for a look.
 */
#ifndef MON_MEMORY_H
#define MON_MEMORY_H

#include "runtime/monitor/sight.h"
#include "runtime/monitor/snapshot.h"
#include "runtime/base/own.h"
#include "runtime/monitor/kernel.h"

enum mon_scan {
    MON_SCAN_NONE,   /* there was nothing to be gained, or it could not be done,
                        and then the snapshot's limits say why */
    MON_SCAN_DONE,   /* sight is filled in */
    MON_SCAN_PARTIAL /* the copy has not all of the memory: no proof */
};

/* Where the threads had what they held, what of their stacks is nothing; and
   what the kernel keeps for them. */
struct mon_threads {
    struct rt_span *roots, *skip;
    uint32_t nroot, nskip;
    struct mon_kernel kernel;
};
/* All threads are stopped (threads.h). 0, -ENOMEM, -E2BIG: too many, or -errno
   when /proc does not tell. */
int mon_threads_ask(struct mon_threads *t, struct rt_arena *arena);

/* Whether so much is in memory that it is better scanned in a copy. */
bool mon_memory_copy(void);

/*
 * Scans memory, when that can tell more than the graph alone. What sight
 * points to is the snapshot's. Only while the world is stopped: stops all other
 * threads of the program for that time (threads.h), which may end system calls
 * of theirs; or in a copy of the process: then copied is what was asked before.
 */
enum mon_scan mon_memory_look(struct mon_snapshot *s,
                              const struct mon_moment *moment,
                              const struct mon_threads *copied,
                              struct mon_sight *sight);

#endif

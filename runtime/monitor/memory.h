/*
 * memory.h - who can get at what: the scan of the program's memory for a look.
 */
#ifndef MON_MEMORY_H
#define MON_MEMORY_H

#include "runtime/monitor/image.h"
#include "runtime/monitor/sight.h"
#include "runtime/monitor/snapshot.h"

struct mon_memory_ask {
    void *frame;  /* of the goroutine that looks, as for rt_threads_stop */
    bool holders; /* who of the stuck holds what is asked too: for a report */
    struct mon_image *image; /* a long scan may be made in a copy of the
                                process, this; NULL: it must be done at once */
};
enum mon_scan {
    MON_SCAN_NONE,     /* there was nothing to be gained, or it could not be
                          done, and then the snapshot's limits say why */
    MON_SCAN_DONE,     /* sight is filled in */
    MON_SCAN_UNDER_WAY /* in the image: ask mon_memory_collect */
};

/*
 * Scans memory, when that can tell more than the graph alone. Only while the
 * world is stopped. Stops all other threads of the program for that time
 * (threads.h), which may end system calls of theirs. All memory is the
 * snapshot's.
 */
enum mon_scan mon_memory_look(struct mon_snapshot *s,
                              const struct mon_memory_ask *ask,
                              struct mon_sight *sight);
/* What became of the scan in the image; the world may run. */
enum mon_scan mon_memory_collect(struct mon_snapshot *s,
                                 struct mon_image *image,
                                 struct mon_sight *sight);

#endif

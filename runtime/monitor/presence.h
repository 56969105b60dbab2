/*
 * presence.h - whether what somebody waits for is still where it was.
 *
 * A lock lies in the program's memory: on a stack, in a block. A program that
 * is wrong lets go of that memory while somebody waits; then anything may be
 * there by now, or nothing.
 */
#ifndef MON_PRESENCE_H
#define MON_PRESENCE_H

#include <vigil/sync.h>

#include "runtime/monitor/intake.h"

/* Room for a copy of any object that lies in the program's memory. */
union mon_object {
    struct go_object head;
    struct go_mutex mutex;
    struct go_rwmutex rwmutex;
    struct go_waitgroup waitgroup;
    struct go_cond cond;
    struct go_once once;
    struct go_semaphore semaphore;
    struct go_barrier barrier;
    struct go_errgroup errgroup;
};

/*
 * What w, which a parked or standing goroutine waits with for that reason, waits
 * for: itself if it is the runtime's, else a copy in *copy. NULL: it is gone.
 */
const struct go_object *mon_presence(struct mon_intake *k,
                                     const struct waiter *w,
                                     enum go_wait_reason reason,
                                     union mon_object *copy);

/*
 * Reads what those wait for who are in the slots from `slot` on, all at once,
 * so that mon_presence is quick about them if they are its next. Returns the
 * first slot that is not among them.
 */
uint32_t mon_presence_ahead(struct mon_intake *k, uint32_t slot);

#endif

/*
 * intake.h - the lists of a snapshot while they grow.
 *
 * snapshot.c and its helpers fill them; nobody else includes this. A list that
 * can get no memory sets failed, and the snapshot is not to be used.
 */
#ifndef MON_INTAKE_H
#define MON_INTAKE_H

#include <string.h>

#include "runtime/monitor/snapshot.h"

/* Addresses to numbers, open addressing; zero is ready. */
struct mon_table {
    const void **key;
    uint32_t *value;
    size_t cap, n; /* cap is a power of two, or 0 */
};

struct mon_intake {
    struct mon_snapshot *s;
    const struct mon_moment *moment;
    struct g **gs; /* [ngoroutine] whom goroutines[i] is of */
    struct mon_table objects, goroutines;
    struct mon_table queued; /* presence.c: waiters, and whether their object is
                                still there */
    struct mon_ahead *ahead; /* presence.c: objects that were read already */
    size_t gs_cap, goroutine_cap, object_cap, wait_cap, hold_cap, timer_cap,
        ended_cap, abandoned_cap;
    bool failed;
};

/*
 * The value of key, which is not NULL; a new key gets fresh. *is_new says
 * which. GO_NOWHERE when there is no memory.
 */
uint32_t mon_table_put(struct mon_table *t, struct rt_arena *arena,
                       const void *key, uint32_t fresh, bool *is_new);
/* GO_NOWHERE: it is not there. */
uint32_t mon_table_get(const struct mon_table *t, const void *key);

/* Room for one more in the list `field` of the snapshot, zeroed; NULL: no
   memory. */
#define MON_ADD(k, field, count, cap)                                          \
    (rt_arena_grow(&(k)->s->arena, &(k)->s->in.field, (k)->s->in.count,        \
                   &(k)->cap, sizeof(*(k)->s->in.field))                       \
         ? memset(&(k)->s->in.field[(k)->s->in.count++], 0,                    \
                  sizeof(*(k)->s->in.field))                                   \
         : ((k)->failed = true, NULL))

/* disowned.c: which objects are; when holds[] and abandoned[] are complete. */
void mon_intake_disowned(struct mon_intake *k);
/* arming.c: timers[], and which objects are armed. */
void mon_intake_timers(struct mon_intake *k);

#endif

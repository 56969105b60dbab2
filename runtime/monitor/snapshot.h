/*
 * snapshot.h - one moment of a run, copied out of the stopped world.
 *
 * Goroutines, what they wait on and hold, armed timers, the fates of those
 * that ended, and stacks, as plain data of <vigil/inspect.h>. What is made
 * lives in its arena; the strings live as long as the run.
 */
#ifndef MON_SNAPSHOT_H
#define MON_SNAPSHOT_H

#include <vigil/inspect.h>

#include "runtime/base/arena.h"
#include "runtime/sched/m.h"
#include "runtime/sched/sched.h"

struct mon_snapshot {
    struct go_inspect in;
    struct rt_arena arena;
    struct g *
        *gs; /* [in.ngoroutine] whom they are of; while the world stands */
    /*
     * A worker was stopped where it may hold the C library's locks: until the
     * world goes on nobody may call malloc, and so nobody may symbolise.
     */
    bool heap_busy;
    bool
        lacking; /* there was no memory to note a limit: nothing is to be told */
};

struct mon_asleeps;
struct mon_moment {
    bool main_ended;  /* goroutine 1 is not to be told of any more */
    bool quiescent;   /* nothing runs and nothing is runnable */
    bool stacks;      /* unwind everybody: only for a report */
    bool holders;     /* ask who of the stuck holds what: likewise */
    void *frame;      /* of the goroutine that looks: threads.h; or NULL */
    int64_t slow;     /* ns: tell of who waits for so long; 0: of nobody */
    uint32_t foreign; /* rt_foreign_threads; mon_look_take asks */
    bool at_once;     /* those that no /proc lists are not sought for it */
    const struct mon_asleeps *asleep; /* limits.h; NULL: not asked for */
    const struct m *silent;           /* did not answer the stop, or NULL */
    const struct g *panicked;         /* RUNNING, but off its worker; or NULL */
};

/* Only while the world is stopped. s is zero, but for an arena to use. 0, or
   -ENOMEM. Free it in any case. */
int mon_snapshot_take(struct mon_snapshot *s, const struct mon_moment *moment);
/*
 * stacks.c: fills in pc and npc of every goroutine; equal stacks share. only
 * [ngoroutine], not NULL: of those who are stuck for ever, whom no moment
 * changes, so the world may run. panicked: see struct mon_moment. False: no
 * memory.
 */
bool mon_stacks_take(struct mon_snapshot *s, const struct g *panicked,
                     const uint8_t *only);
void mon_snapshot_free(struct mon_snapshot *s);
/* Whether the i-th goroutine, which waited, does so yet: within the run, the
   world may have gone on. */
bool mon_snapshot_waits_yet(const struct mon_snapshot *s, uint32_t i);

/* Notes what limits the claims; printf-like. goroutine 0: none. */
void mon_snapshot_limit(struct mon_snapshot *s, uint64_t goroutine,
                        const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif

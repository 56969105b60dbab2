/*
 * game.h - what is played: the objects, and what each task has seen.
 *
 * A task writes only its own notes, so they are right in parallel runs too.
 */
#ifndef ORACLE_GAME_H
#define ORACLE_GAME_H

#include <vigil/go.h>

#include "tests/oracle/outcome.h"

/* One task's part. */
struct player {
    uint8_t at, nlog, log[LOG];
    uint8_t index;
    bool locked[MUTEXES], writes;
    uint8_t reads; /* locks held for reading */
    uint64_t id;   /* of its goroutine, 0: not started */
};

struct game {
    struct program p;
    bool timed, cancelled;       /* it has a timer, contexts */
    struct player player[TASKS]; /* from here on new each time */
    chan(int64_t) c[2];
    struct go_mutex mutex[MUTEXES];
    struct go_rwmutex rw;
    struct go_waitgroup group;
    struct go_cond cond;
    struct go_semaphore sema;
    struct go_once once;
    struct go_barrier barrier;
    struct go_context *ctx[CONTEXTS];
    struct go_timer *timer;
    struct go_atomic atomic[ATOMICS];
};
extern struct game play_game;

static inline void play_note(struct player *me, int64_t what)
{
    me->log[me->nlog++] = (uint8_t)what;
}

/* me's operations up to end; a task's, from the first one on. */
void play_until(struct player *me, unsigned end);
void play_task(int t);
/* A context below parent, that ends within so much; 0: not by itself. */
struct go_context *play_below(struct go_context *parent, unsigned within);

/*
 * What each verb does: it calls the public API, and notes what came back. The
 * three tables have a place for all verbs, each fills its own.
 */
typedef void play_fn(struct player *me, const struct op *o);
extern play_fn *const play_chan_does[V_COUNT];
extern play_fn *const play_lock_does[V_COUNT];
extern play_fn *const play_time_does[V_COUNT];

#endif

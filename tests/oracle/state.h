/*
 * state.h - a moment of a program in the model: all there is, as plain bytes.
 *
 * Waiters stand in queues, oldest first, as Go keeps them. A waker does what
 * is left of the operation for whom it wakes, for nobody could see it later;
 * what others could see (to lock again, to panic) is the woken one's to do.
 *
 * All bytes are set, so equal moments are equal memory.
 */
#ifndef ORACLE_STATE_H
#define ORACLE_STATE_H

#include <string.h>

#include "tests/oracle/outcome.h"

enum {
    QUEUE = 8,
    TIMERS = 1 + 2 * TASKS + 2, /* the timer, sleeps, starts, deadlines */
    TIMER_OWN = 0,
    TIMER_SLEEP = 1,
    TIMER_START = TIMER_SLEEP + TASKS,
    TIMER_WITHIN = TIMER_START + TASKS,
    NEVER = 0xff,
};

enum status {
    UNSTARTED,
    RUNS,
    PARKED,
    OVER,
};

struct queue {
    uint8_t n;
    uint8_t who[QUEUE], which[QUEUE]; /* which: a select's case, units */
};

struct mtask {
    uint8_t status, at, phase, nlog;
    uint8_t log[LOG];
    uint8_t locked, writes, reads; /* locked: a bit for each mutex */
    uint8_t member;
    uint8_t left; /* ticks */
};

struct mchan {
    uint8_t open, cap, len, value[2];
    struct queue recvq, sendq;
};

struct mmutex {
    uint8_t owner;
    struct queue q;
};

struct mrw {
    uint8_t writer; /* has the slot */
    uint8_t readers;
    struct queue writers, blocked; /* blocked: who wants to read */
    uint8_t pending;               /* the writer waits for readers */
};

struct mtimer {
    uint8_t when; /* NEVER: not armed */
};

struct state {
    struct mtask task[TASKS];
    struct mchan chan[PLACES - 1];
    struct mmutex mutex[MUTEXES];
    struct mrw rw;
    struct queue group, cond, sema, once, barrier;
    uint8_t count, units, runner, done;
    uint8_t err[CONTEXTS], made, parent2;
    uint8_t value[ATOMICS];
    struct mtimer timer[TIMERS];
    uint8_t now;
    uint8_t fault, who;
};

/* A way to go on from a state: with choices that are made as they come. */
struct step {
    const struct program *p;
    struct state *s;
    uint32_t way, ways; /* which is taken, of how many: set by step_pick */
};

/* One of n, each time another one. At most once in a step. */
static inline uint32_t step_pick(struct step *x, uint32_t n)
{
    x->ways = n;
    return x->way < n ? x->way : 0;
}

static inline void queue_push(struct queue *q, unsigned who, unsigned which)
{
    q->who[q->n] = (uint8_t)who;
    q->which[q->n++] = (uint8_t)which;
}

/* Bytes behind the end stay 0, so that equal queues are equal memory. */
static inline void queue_drop(struct queue *q, unsigned i)
{
    for (q->n--; i < q->n; i++) {
        q->who[i] = q->who[i + 1];
        q->which[i] = q->which[i + 1];
    }
    q->who[q->n] = q->which[q->n] = 0;
}

static inline void queue_forget(struct queue *q, unsigned who)
{
    for (unsigned i = q->n; i-- > 0;)
        if (q->who[i] == who)
            queue_drop(q, i);
}

static inline const struct op *step_op(const struct step *x, unsigned t)
{
    return &x->p->op[t][x->s->task[t].at];
}

static inline void step_note(struct step *x, unsigned t, int what)
{
    struct mtask *k = &x->s->task[t];

    k->log[k->nlog++] = (uint8_t)what;
}

static inline void step_park(struct step *x, unsigned t)
{
    x->s->task[t].status = PARKED;
}

static inline void step_panic(struct step *x, unsigned t, enum fault f)
{
    x->s->fault = (uint8_t)f;
    x->s->who = (uint8_t)t;
}

/* t's operation is done: the next one, or its end. */
void step_next(struct step *x, unsigned t);
/* t goes on by itself, in that phase of the same operation. */
static inline void step_phase(struct step *x, unsigned t, unsigned phase)
{
    x->s->task[t].status = RUNS;
    x->s->task[t].phase = (uint8_t)phase;
}

/* What an operation does: one step of task t. */
typedef void step_fn(struct step *x, unsigned t);
extern step_fn *const step_does[V_COUNT], *const step_time_does[V_COUNT];
/* The channels' part. */
step_fn step_cases, step_close;
void step_shut(struct step *x, unsigned place);
/* Whether it was put somewhere: a timer's value. */
bool step_post(struct step *x, unsigned place, unsigned v);
/* The group counts d more. */
void step_count(struct step *x, unsigned t, int d);
/* A context and those below end. */
void step_cancel(struct step *x, unsigned ctx, unsigned err);
void step_arm(struct step *x, unsigned timer, unsigned in);
void step_start(struct step *x, unsigned t);

#endif

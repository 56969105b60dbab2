/*
 * model_ops.c - locks and groups by Go's rules, for the model; and its
 * table.
 *
 * What vigil's headers promise beyond Go is promised here: a signal may wake
 * any waiter, and an unlock of a rwmutex is one step.
 */
#include "tests/oracle/state.h"

void step_next(struct step *x, unsigned t)
{
    struct mtask *k = &x->s->task[t];

    k->at++;
    k->phase = 0;
    k->status = k->at < x->p->nop[t] || k->member ? RUNS : OVER;
}

void step_start(struct step *x, unsigned t)
{
    x->s->task[t].status = x->p->nop[t] || x->s->task[t].member ? RUNS : OVER;
}

/* Who waited goes on by itself, where it was. */
static void wake_first(struct step *x, struct queue *q)
{
    if (!q->n)
        return;
    x->s->task[q->who[0]].status = RUNS;
    queue_drop(q, 0);
}

/* ---- locks ---------------------------------------------------------------*/

/* False: it is taken, and t waits. */
static bool lock(struct step *x, unsigned t, unsigned i)
{
    struct mmutex *m = &x->s->mutex[i];

    if (m->owner != NOBODY) {
        queue_push(&m->q, t, 0);
        step_park(x, t);
        return false;
    }
    m->owner = (uint8_t)t;
    x->s->task[t].locked |= (uint8_t)(1u << i);
    return true;
}

static void unlock(struct step *x, unsigned t, unsigned i)
{
    x->s->mutex[i].owner = NOBODY;
    x->s->task[t].locked &= (uint8_t) ~(1u << i);
    wake_first(x, &x->s->mutex[i].q);
}

static void step_lock(struct step *x, unsigned t)
{
    if (lock(x, t, step_op(x, t)->a))
        step_next(x, t);
}

static void step_unlock(struct step *x, unsigned t)
{
    unsigned i = step_op(x, t)->a;

    if (x->s->task[t].locked & 1u << i)
        unlock(x, t, i);
    step_next(x, t);
}

static void step_trylock(struct step *x, unsigned t)
{
    unsigned i = step_op(x, t)->a;
    bool got = x->s->mutex[i].owner == NOBODY;

    if (got)
        lock(x, t, i);
    step_note(x, t, got);
    step_next(x, t);
}

static void step_wlock(struct step *x, unsigned t)
{
    struct mrw *m = &x->s->rw;

    if (m->writer != NOBODY) {
        queue_push(&m->writers, t, 0);
        step_park(x, t);
        return;
    }
    m->writer = (uint8_t)t;
    m->pending = m->readers > 0;
    if (m->pending) {
        step_park(x, t);
        return;
    }
    x->s->task[t].writes = 1;
    step_next(x, t);
}

static void grant_read(struct step *x, unsigned t)
{
    x->s->rw.readers++;
    x->s->task[t].reads++;
    step_next(x, t);
}

static void step_wunlock(struct step *x, unsigned t)
{
    struct mrw *m = &x->s->rw;

    if (x->s->task[t].writes) {
        x->s->task[t].writes = 0;
        m->writer = NOBODY;
        while (m->blocked.n) {
            unsigned reader = m->blocked.who[0];

            queue_drop(&m->blocked, 0);
            grant_read(x, reader);
        }
        wake_first(x, &m->writers);
    }
    step_next(x, t);
}

static void step_trywlock(struct step *x, unsigned t)
{
    struct mrw *m = &x->s->rw;
    bool got = m->writer == NOBODY && !m->readers;

    step_note(x, t, got);
    if (got) {
        m->writer = (uint8_t)t;
        x->s->task[t].writes = 1;
    }
    step_next(x, t);
}

static void step_rlock(struct step *x, unsigned t)
{
    if (x->s->rw.writer == NOBODY) {
        grant_read(x, t);
        return;
    }
    queue_push(&x->s->rw.blocked, t, 0);
    step_park(x, t);
}

static void step_runlock(struct step *x, unsigned t)
{
    struct mrw *m = &x->s->rw;

    if (x->s->task[t].reads) {
        x->s->task[t].reads--;
        if (--m->readers == 0 && m->pending) {
            m->pending = 0;
            x->s->task[m->writer].writes = 1;
            step_next(x, m->writer);
        }
    }
    step_next(x, t);
}

static void step_tryrlock(struct step *x, unsigned t)
{
    bool got = x->s->rw.writer == NOBODY;

    step_note(x, t, got);
    if (got)
        grant_read(x, t);
    else
        step_next(x, t);
}

/* ---- groups, conditions, semaphores, onces, barriers ---------------------*/

void step_count(struct step *x, unsigned t, int d)
{
    struct state *s = x->s;

    s->count = (uint8_t)(s->count + d);
    if ((int8_t)s->count < 0)
        step_panic(x, t, FAULT_NEGATIVE);
    while (!s->count && s->group.n) {
        s->task[s->group.who[0]].phase = 1;
        wake_first(x, &s->group);
    }
}

static void step_add(struct step *x, unsigned t)
{
    step_count(x, t, step_op(x, t)->a);
    step_next(x, t);
}

static void step_done(struct step *x, unsigned t)
{
    step_count(x, t, -1);
    if (!x->s->fault)
        step_next(x, t);
}

static void step_wait(struct step *x, unsigned t)
{
    if (!x->s->count) {
        step_note(x, t, 'w');
        step_next(x, t);
    } else if (x->s->task[t].phase) {
        step_panic(x, t, FAULT_REUSED);
    } else {
        queue_push(&x->s->group, t, 0);
        step_park(x, t);
    }
}

enum {
    JOINS,
    UNLOCKS,
    LISTENS,
    RELOCKS,
};

static bool is_queued(const struct queue *q, unsigned t)
{
    for (unsigned i = 0; i < q->n; i++)
        if (q->who[i] == t)
            return true;
    return false;
}

static void step_cond_wait(struct step *x, unsigned t)
{
    struct mtask *k = &x->s->task[t];

    if (k->phase == JOINS && !(k->locked & 1)) {
        step_next(x, t);
    } else if (k->phase == JOINS) {
        queue_push(&x->s->cond, t, 0);
        k->phase = UNLOCKS;
    } else if (k->phase == UNLOCKS) {
        unlock(x, t, 0);
        k->phase = RELOCKS;
        if (is_queued(&x->s->cond, t)) {
            k->phase = LISTENS;
            k->status = PARKED;
        }
    } else if (lock(x, t, 0)) {
        step_note(x, t, 'c');
        step_next(x, t);
    }
}

static void signal_one(struct step *x, unsigned i)
{
    unsigned who = x->s->cond.who[i];

    queue_drop(&x->s->cond, i);
    if (x->s->task[who].phase == LISTENS)
        step_phase(x, who, RELOCKS);
}

static void step_signal(struct step *x, unsigned t)
{
    if (x->s->cond.n)
        signal_one(x, step_pick(x, x->s->cond.n));
    step_next(x, t);
}

static void step_broadcast(struct step *x, unsigned t)
{
    while (x->s->cond.n)
        signal_one(x, 0);
    step_next(x, t);
}

static void grant_units(struct step *x, unsigned t, unsigned n)
{
    x->s->units = (uint8_t)(x->s->units - n);
    step_note(x, t, 'a');
    step_next(x, t);
}

static void step_acquire(struct step *x, unsigned t)
{
    unsigned n = step_op(x, t)->a;

    if (!x->s->sema.n && x->s->units >= n) {
        grant_units(x, t, n);
        return;
    }
    queue_push(&x->s->sema, t, n);
    step_park(x, t);
}

static void step_tryacquire(struct step *x, unsigned t)
{
    unsigned n = step_op(x, t)->a;
    bool got = !x->s->sema.n && x->s->units >= n;

    if (got)
        x->s->units = (uint8_t)(x->s->units - n);
    step_note(x, t, got);
    step_next(x, t);
}

static void step_release(struct step *x, unsigned t)
{
    struct queue *q = &x->s->sema;

    x->s->units = (uint8_t)(x->s->units + step_op(x, t)->a);
    while (q->n && q->which[0] <= x->s->units) {
        unsigned who = q->who[0], n = q->which[0];

        queue_drop(q, 0);
        grant_units(x, who, n);
    }
    step_next(x, t);
}

/* Past the body of a once that another runs, or has run. */
static void pass_once(struct step *x, unsigned t)
{
    step_note(x, t, 0);
    while (step_op(x, t)->verb != V_ONCE_END)
        x->s->task[t].at++;
    step_next(x, t);
}

static void step_once(struct step *x, unsigned t)
{
    struct state *s = x->s;

    if (s->done) {
        pass_once(x, t);
    } else if (s->runner != NOBODY) {
        queue_push(&s->once, t, 0);
        step_park(x, t);
    } else {
        s->runner = (uint8_t)t;
        step_note(x, t, 1);
        step_next(x, t);
    }
}

static void step_once_end(struct step *x, unsigned t)
{
    struct queue *q = &x->s->once;

    x->s->runner = NOBODY;
    x->s->done = 1;
    while (q->n) {
        unsigned who = q->who[0];

        queue_drop(q, 0);
        pass_once(x, who);
    }
    step_next(x, t);
}

static void step_barrier(struct step *x, unsigned t)
{
    struct queue *q = &x->s->barrier;
    unsigned other = q->who[0];

    if (!q->n) {
        queue_push(q, t, 0);
        step_park(x, t);
        return;
    }
    queue_drop(q, 0);
    step_note(x, other, 0);
    step_next(x, other);
    step_note(x, t, 1);
    step_next(x, t);
}

step_fn *const step_does[V_COUNT] = {
    [V_LOCK] = step_lock,
    [V_UNLOCK] = step_unlock,
    [V_TRYLOCK] = step_trylock,
    [V_WLOCK] = step_wlock,
    [V_WUNLOCK] = step_wunlock,
    [V_TRYWLOCK] = step_trywlock,
    [V_RLOCK] = step_rlock,
    [V_RUNLOCK] = step_runlock,
    [V_TRYRLOCK] = step_tryrlock,
    [V_SEND] = step_cases,
    [V_RECV] = step_cases,
    [V_TRYSEND] = step_cases,
    [V_TRYRECV] = step_cases,
    [V_SELECT] = step_cases,
    [V_CLOSE] = step_close,
    [V_ADD] = step_add,
    [V_DONE] = step_done,
    [V_WAIT] = step_wait,
    [V_COND_WAIT] = step_cond_wait,
    [V_SIGNAL] = step_signal,
    [V_BROADCAST] = step_broadcast,
    [V_ACQUIRE] = step_acquire,
    [V_TRYACQUIRE] = step_tryacquire,
    [V_RELEASE] = step_release,
    [V_ONCE] = step_once,
    [V_ONCE_END] = step_once_end,
    [V_BARRIER] = step_barrier,
};

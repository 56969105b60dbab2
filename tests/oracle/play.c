/*
 * play.c - goroutines that do what a program says.
 *
 * In: a program. Out: in game, what each task has seen and where it is.
 *
 * Method: a table has one function for each verb; it calls the public API and
 * notes what came back. Whatever the API gives to the caller is noted, for
 * what nobody can see is no difference between two schedules.
 *
 * A task writes only its own notes, so they are right in parallel runs too.
 */
#include "tests/oracle/play.h"

#include <string.h>
#include <vigil/go.h>

/* One task's part. */
struct player {
    uint8_t at, nlog, log[LOG];
    uint8_t index;
    bool locked[MUTEXES], writes;
    uint8_t reads; /* locks held for reading */
    uint64_t id;   /* of its goroutine, 0: not started */
};

static struct {
    struct program p;
    struct player player[TASKS];
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
} game;

static void note(struct player *me, int64_t what)
{
    me->log[me->nlog++] = (uint8_t)what;
}

static void run_task(int t);

/* ---- channels ------------------------------------------------------------*/

/* The channel that a place stands for. */
static struct go_chan *channel(unsigned place)
{
    if (place <= PLACE_B)
        return (struct go_chan *)game.c[place];
    if (place == PLACE_TIMER)
        return (struct go_chan *)game.timer->c;
    if (place < PLACE_NIL)
        return (struct go_chan *)go_context_done(game.ctx[place - PLACE_DONE]);
    return NULL;
}

static void do_send(struct player *me, const struct op *o)
{
    int64_t v = program_value(me->index, me->at, 0);

    go_chan_send_at(channel(o->a), &v, GO_SITE("send"));
    note(me, 's');
}

static void do_recv(struct player *me, const struct op *o)
{
    int64_t v = 0;
    bool ok = go_chan_recv_at(channel(o->a), &v, GO_SITE("recv"));

    note(me, ok);
    note(me, v);
}

static void do_trysend(struct player *me, const struct op *o)
{
    int64_t v = program_value(me->index, me->at, 0);

    note(me, go_chan_try_send_at(channel(o->a), &v, GO_SITE("trysend")));
}

static void do_tryrecv(struct player *me, const struct op *o)
{
    int64_t v = 0;
    int got = go_chan_try_recv_at(channel(o->a), &v, GO_SITE("tryrecv"));

    note(me, got < 0 ? 2 : got);
    note(me, got ? v : 0);
}

static void do_select(struct player *me, const struct op *o)
{
    struct go_case cases[CASES + 1];
    int64_t v[CASES] = {0};
    bool ok[CASES] = {false};
    int i;

    for (unsigned k = 0; k < o->ncase; k++) {
        bool send = o->way[k].send;

        if (send)
            v[k] = program_value(me->index, me->at, k);
        cases[k] = (struct go_case){.op = send ? GO_CASE_SEND : GO_CASE_RECV,
                                    .chan = channel(o->way[k].place),
                                    .value = &v[k],
                                    .ok = send ? NULL : &ok[k],
                                    .site = GO_SITE("case")};
    }
    cases[o->ncase] = GO_DEFAULT;
    i = go_select_at(cases, o->ncase + o->otherwise, GO_SITE("select"));
    note(me, i);
    if (i < o->ncase && !o->way[i].send) {
        note(me, ok[i]);
        note(me, v[i]);
    }
}

static void do_close(struct player *me, const struct op *o)
{
    (void)me;
    go_chan_close_at(channel(o->a), GO_SITE("close"));
}

static void do_len(struct player *me, const struct op *o)
{
    note(me, (int64_t)go_chan_len(channel(o->a)));
}

/* ---- locks ---------------------------------------------------------------*/

static void do_lock(struct player *me, const struct op *o)
{
    go_mutex_lock(&game.mutex[o->a]);
    me->locked[o->a] = true;
}

static void do_unlock(struct player *me, const struct op *o)
{
    if (!me->locked[o->a])
        return;
    me->locked[o->a] = false;
    go_mutex_unlock(&game.mutex[o->a]);
}

static void do_trylock(struct player *me, const struct op *o)
{
    bool got = go_mutex_trylock(&game.mutex[o->a]);

    me->locked[o->a] |= got;
    note(me, got);
}

static void do_wlock(struct player *me, const struct op *o)
{
    (void)o;
    go_rwmutex_lock(&game.rw);
    me->writes = true;
}

static void do_wunlock(struct player *me, const struct op *o)
{
    (void)o;
    if (!me->writes)
        return;
    me->writes = false;
    go_rwmutex_unlock(&game.rw);
}

static void do_trywlock(struct player *me, const struct op *o)
{
    bool got = go_rwmutex_trylock(&game.rw);

    (void)o;
    me->writes |= got;
    note(me, got);
}

static void do_rlock(struct player *me, const struct op *o)
{
    (void)o;
    go_rwmutex_rlock(&game.rw);
    me->reads++;
}

static void do_runlock(struct player *me, const struct op *o)
{
    (void)o;
    if (!me->reads)
        return;
    me->reads--;
    go_rwmutex_runlock(&game.rw);
}

static void do_tryrlock(struct player *me, const struct op *o)
{
    bool got = go_rwmutex_tryrlock(&game.rw);

    (void)o;
    me->reads += got;
    note(me, got);
}

/* ---- groups, conditions, semaphores, onces, barriers ---------------------*/

static void do_add(struct player *me, const struct op *o)
{
    (void)me;
    go_waitgroup_add(&game.group, o->a);
}

static void do_done(struct player *me, const struct op *o)
{
    (void)me, (void)o;
    go_waitgroup_done(&game.group);
}

static void do_wait(struct player *me, const struct op *o)
{
    (void)o;
    go_waitgroup_wait(&game.group);
    note(me, 'w');
}

static void do_cond_wait(struct player *me, const struct op *o)
{
    (void)o;
    if (!me->locked[0])
        return;
    go_cond_wait(&game.cond, &game.mutex[0]);
    note(me, 'c');
}

static void do_signal(struct player *me, const struct op *o)
{
    (void)me, (void)o;
    go_cond_signal(&game.cond);
}

static void do_broadcast(struct player *me, const struct op *o)
{
    (void)me, (void)o;
    go_cond_broadcast(&game.cond);
}

static void do_acquire(struct player *me, const struct op *o)
{
    go_semaphore_acquire(&game.sema, o->a);
    note(me, 'a');
}

static void do_tryacquire(struct player *me, const struct op *o)
{
    note(me, go_semaphore_tryacquire(&game.sema, o->a));
}

static void do_release(struct player *me, const struct op *o)
{
    (void)me;
    go_semaphore_release(&game.sema, o->a);
}

static void run_until(struct player *me, unsigned end);

static unsigned end_of_once(const struct player *me)
{
    unsigned i = me->at;

    while (game.p.op[me->index][i].verb != V_ONCE_END)
        i++;
    return i;
}

static void once_body(struct player *me)
{
    unsigned end = end_of_once(me);

    note(me, 1);
    me->at++;
    run_until(me, end);
}

static void do_once(struct player *me, const struct op *o)
{
    unsigned end = end_of_once(me);

    (void)o;
    go_once_do(&game.once, once_body, me);
    if (me->at < end)
        note(me, 0);
    me->at = (uint8_t)end; /* which does nothing, and is counted next */
}

static void do_nothing(struct player *me, const struct op *o)
{
    (void)me, (void)o;
}

static void do_barrier(struct player *me, const struct op *o)
{
    (void)o;
    note(me, go_barrier_wait(&game.barrier));
}

/* ---- contexts and time ---------------------------------------------------*/

static struct go_context *below(struct go_context *parent, unsigned within)
{
    return within ? go_context_with_timeout(parent, within)
                  : go_context_with_cancel(parent);
}

static void do_cancel(struct player *me, const struct op *o)
{
    (void)me;
    go_context_cancel(game.ctx[o->a]);
}

static void do_derive(struct player *me, const struct op *o)
{
    (void)me;
    game.ctx[2] = below(game.ctx[o->a], 0);
}

static void do_err(struct player *me, const struct op *o)
{
    int err = go_context_err(game.ctx[o->a]);

    note(me, err == -ECANCELED ? 1 : err == -ETIMEDOUT ? 2 : err);
}

static void do_sleep(struct player *me, const struct op *o)
{
    go_sleep(o->a);
    note(me, go_now());
}

static void do_after(struct player *me, const struct op *o)
{
    note(me, chan_recv(go_after(o->a)));
}

static void do_ticks(struct player *me, const struct op *o)
{
    struct go_ticker *t = go_ticker_new(2);

    for (unsigned i = 0; i < o->a; i++)
        note(me, chan_recv(t->c));
    go_ticker_free(t);
}

static void do_stop(struct player *me, const struct op *o)
{
    (void)o;
    note(me, go_timer_stop(game.timer));
}

static void do_reset(struct player *me, const struct op *o)
{
    note(me, go_timer_reset(game.timer, o->a));
}

/* ---- the rest ------------------------------------------------------------*/

static void do_load(struct player *me, const struct op *o)
{
    note(me, go_atomic_load(&game.atomic[o->a]));
}

static void do_store(struct player *me, const struct op *o)
{
    (void)me;
    go_atomic_store(&game.atomic[o->a], o->b);
}

static void do_swap(struct player *me, const struct op *o)
{
    note(me, go_atomic_swap(&game.atomic[o->a], o->b));
}

static void do_bump(struct player *me, const struct op *o)
{
    note(me, go_atomic_add(&game.atomic[o->a], o->b));
}

static void do_cas(struct player *me, const struct op *o)
{
    note(me, go_atomic_cas(&game.atomic[o->a], o->b, o->b + 1));
}

static void do_yield(struct player *me, const struct op *o)
{
    (void)me, (void)o;
    go_yield();
}

static void do_choose(struct player *me, const struct op *o)
{
    note(me, go_choose(o->a));
}

static void do_spawn(struct player *me, const struct op *o)
{
    (void)me;
    go(run_task, (int)o->a);
}

static void do_member(struct player *me, const struct op *o)
{
    (void)me;
    go_waitgroup_go(&game.group, run_task, (int)o->a);
}

static void do_later(struct player *me, const struct op *o)
{
    (void)me;
    go_after_func(o->b, run_task, (int)o->a);
}

static void (*const does[V_COUNT])(struct player *, const struct op *) = {
    [V_LOCK] = do_lock,         [V_UNLOCK] = do_unlock,
    [V_TRYLOCK] = do_trylock,   [V_WLOCK] = do_wlock,
    [V_WUNLOCK] = do_wunlock,   [V_TRYWLOCK] = do_trywlock,
    [V_RLOCK] = do_rlock,       [V_RUNLOCK] = do_runlock,
    [V_TRYRLOCK] = do_tryrlock, [V_SEND] = do_send,
    [V_RECV] = do_recv,         [V_TRYSEND] = do_trysend,
    [V_TRYRECV] = do_tryrecv,   [V_SELECT] = do_select,
    [V_CLOSE] = do_close,       [V_LEN] = do_len,
    [V_ADD] = do_add,           [V_DONE] = do_done,
    [V_WAIT] = do_wait,         [V_COND_WAIT] = do_cond_wait,
    [V_SIGNAL] = do_signal,     [V_BROADCAST] = do_broadcast,
    [V_ACQUIRE] = do_acquire,   [V_TRYACQUIRE] = do_tryacquire,
    [V_RELEASE] = do_release,   [V_ONCE] = do_once,
    [V_ONCE_END] = do_nothing,  [V_BARRIER] = do_barrier,
    [V_CANCEL] = do_cancel,     [V_DERIVE] = do_derive,
    [V_ERR] = do_err,           [V_SLEEP] = do_sleep,
    [V_AFTER] = do_after,       [V_TICKS] = do_ticks,
    [V_STOP] = do_stop,         [V_RESET] = do_reset,
    [V_LOAD] = do_load,         [V_STORE] = do_store,
    [V_SWAP] = do_swap,         [V_BUMP] = do_bump,
    [V_CAS] = do_cas,           [V_YIELD] = do_yield,
    [V_CHOOSE] = do_choose,     [V_SPAWN] = do_spawn,
    [V_MEMBER] = do_member,     [V_LATER] = do_later,
};

static void run_until(struct player *me, unsigned end)
{
    while (me->at < end) {
        const struct op *o = &game.p.op[me->index][me->at];

        does[o->verb](me, o);
        me->at++;
    }
}

static void run_task(int t)
{
    struct player *me = &game.player[t];

    me->id = go_self();
    run_until(me, game.p.nop[t]);
}

static bool has_place(unsigned low, unsigned high)
{
    for (unsigned t = 0; t < game.p.ntask; t++)
        for (unsigned i = 0; i < game.p.nop[t]; i++) {
            const struct op *o = &game.p.op[t][i];

            if ((o->verb == V_RECV || o->verb == V_TRYRECV) && o->a >= low &&
                o->a <= high)
                return true;
            for (unsigned k = 0; k < o->ncase; k++)
                if (o->way[k].place >= low && o->way[k].place <= high)
                    return true;
        }
    return false;
}

/* Only what the program uses, for it costs. */
static void make_objects(void)
{
    const struct program *p = &game.p;

    for (int i = 0; i < 2; i++)
        game.c[i] = chan_make(int64_t, p->cap[i]);
    if (has_place(PLACE_TIMER, PLACE_TIMER) || program_has(p, V_STOP) ||
        program_has(p, V_RESET))
        game.timer = go_timer_new(p->timer);
    if (has_place(PLACE_DONE, PLACE_NIL - 1) || program_has(p, V_CANCEL) ||
        program_has(p, V_DERIVE) || program_has(p, V_ERR)) {
        game.ctx[0] = below(go_context_background(), p->within[0]);
        game.ctx[1] = below(game.ctx[0], p->within[1]);
    }
    game.sema = GO_SEMAPHORE(p->units);
    game.barrier = GO_BARRIER(2);
    go_waitgroup_add(&game.group, p->count);
}

void play_set(const struct program *p)
{
    game.p = *p;
}

void play_main(void)
{
    struct program p = game.p;

    memset(&game, 0, sizeof(game));
    game.p = p;
    for (int t = 0; t < TASKS; t++)
        game.player[t].index = (uint8_t)t;
    make_objects();
    run_task(0);
}

/* ---- what came of it -----------------------------------------------------*/

static enum go_end end_of(void)
{
    enum go_end end = GO_END_CLEAN;

    for (unsigned t = 0; t < game.p.ntask; t++)
        if (game.player[t].id && game.player[t].at < game.p.nop[t])
            end = t ? GO_END_LEFT : GO_END_STUCK;
    return game.player[0].at < game.p.nop[0] ? GO_END_STUCK : end;
}

static void read_objects(struct outcome *o)
{
    o->count = (uint8_t)game.group.count;
    o->units = (uint8_t)game.sema.free;
    for (int i = 0; i < ATOMICS; i++)
        o->value[i] = (uint8_t)game.atomic[i].value;
}

static void read_task(struct outcome *o, unsigned t)
{
    const struct player *player = &game.player[t];

    o->at[t] = player->id ? player->at : UNBORN;
    o->nlog[t] = player->nlog;
    memcpy(o->log[t], player->log, LOG);
}

void play_outcome(struct outcome *o, const struct go_execution *e,
                  const char *panic)
{
    memset(o, 0, sizeof(*o));
    o->who = NOBODY;
    o->end = (uint8_t)(e ? e->end : end_of());
    o->fault = (uint8_t)outcome_fault(e ? e->panic : panic);
    for (unsigned t = 0; t < game.p.ntask; t++) {
        read_task(o, t);
        if (o->fault && e && game.player[t].id == e->goroutine)
            o->who = (uint8_t)t;
    }
    read_objects(o);
    if (o->fault && e)
        outcome_cut(o);
}

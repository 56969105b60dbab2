/* play_lock.c - what goroutines do with all that they wait on, but channels. */
#include "tests/oracle/game.h"

/* ---- locks ---------------------------------------------------------------*/

static void do_lock(struct player *me, const struct op *o)
{
    go_mutex_lock(&play_game.mutex[o->a]);
    me->locked[o->a] = true;
}

static void do_unlock(struct player *me, const struct op *o)
{
    if (!me->locked[o->a])
        return;
    me->locked[o->a] = false;
    go_mutex_unlock(&play_game.mutex[o->a]);
}

static void do_trylock(struct player *me, const struct op *o)
{
    bool got = go_mutex_trylock(&play_game.mutex[o->a]);

    me->locked[o->a] |= got;
    play_note(me, got);
}

static void do_wlock(struct player *me, const struct op *o)
{
    (void)o;
    go_rwmutex_lock(&play_game.rw);
    me->writes = true;
}

static void do_wunlock(struct player *me, const struct op *o)
{
    (void)o;
    if (!me->writes)
        return;
    me->writes = false;
    go_rwmutex_unlock(&play_game.rw);
}

static void do_trywlock(struct player *me, const struct op *o)
{
    bool got = go_rwmutex_trylock(&play_game.rw);

    (void)o;
    me->writes |= got;
    play_note(me, got);
}

static void do_rlock(struct player *me, const struct op *o)
{
    (void)o;
    go_rwmutex_rlock(&play_game.rw);
    me->reads++;
}

static void do_runlock(struct player *me, const struct op *o)
{
    (void)o;
    if (!me->reads)
        return;
    me->reads--;
    go_rwmutex_runlock(&play_game.rw);
}

static void do_tryrlock(struct player *me, const struct op *o)
{
    bool got = go_rwmutex_tryrlock(&play_game.rw);

    (void)o;
    me->reads += got;
    play_note(me, got);
}

/* ---- groups, conditions, semaphores, onces, barriers ---------------------*/

static void do_add(struct player *me, const struct op *o)
{
    (void)me;
    go_waitgroup_add(&play_game.group, o->a);
}

static void do_done(struct player *me, const struct op *o)
{
    (void)me, (void)o;
    go_waitgroup_done(&play_game.group);
}

static void do_wait(struct player *me, const struct op *o)
{
    (void)o;
    go_waitgroup_wait(&play_game.group);
    play_note(me, 'w');
}

static void do_cond_wait(struct player *me, const struct op *o)
{
    (void)o;
    if (!me->locked[0])
        return;
    go_cond_wait(&play_game.cond, &play_game.mutex[0]);
    play_note(me, 'c');
}

static void do_signal(struct player *me, const struct op *o)
{
    (void)me, (void)o;
    go_cond_signal(&play_game.cond);
}

static void do_broadcast(struct player *me, const struct op *o)
{
    (void)me, (void)o;
    go_cond_broadcast(&play_game.cond);
}

static void do_acquire(struct player *me, const struct op *o)
{
    go_semaphore_acquire(&play_game.sema, o->a);
    play_note(me, 'a');
}

static void do_tryacquire(struct player *me, const struct op *o)
{
    play_note(me, go_semaphore_tryacquire(&play_game.sema, o->a));
}

static void do_release(struct player *me, const struct op *o)
{
    (void)me;
    go_semaphore_release(&play_game.sema, o->a);
}

static unsigned end_of_once(const struct player *me)
{
    unsigned i = me->at;

    while (play_game.p.op[me->index][i].verb != V_ONCE_END)
        i++;
    return i;
}

static void once_body(struct player *me)
{
    unsigned end = end_of_once(me);

    play_note(me, 1);
    me->at++;
    play_until(me, end);
}

static void do_once(struct player *me, const struct op *o)
{
    unsigned end = end_of_once(me);

    (void)o;
    go_once_do(&play_game.once, once_body, me);
    if (me->at < end)
        play_note(me, 0);
    me->at = (uint8_t)end; /* which does nothing, and is counted next */
}

static void do_nothing(struct player *me, const struct op *o)
{
    (void)me, (void)o;
}

static void do_barrier(struct player *me, const struct op *o)
{
    (void)o;
    play_note(me, go_barrier_wait(&play_game.barrier));
}

play_fn *const play_lock_does[V_COUNT] = {
    [V_LOCK] = do_lock,
    [V_UNLOCK] = do_unlock,
    [V_TRYLOCK] = do_trylock,
    [V_WLOCK] = do_wlock,
    [V_WUNLOCK] = do_wunlock,
    [V_TRYWLOCK] = do_trywlock,
    [V_RLOCK] = do_rlock,
    [V_RUNLOCK] = do_runlock,
    [V_TRYRLOCK] = do_tryrlock,
    [V_ADD] = do_add,
    [V_DONE] = do_done,
    [V_WAIT] = do_wait,
    [V_COND_WAIT] = do_cond_wait,
    [V_SIGNAL] = do_signal,
    [V_BROADCAST] = do_broadcast,
    [V_ACQUIRE] = do_acquire,
    [V_TRYACQUIRE] = do_tryacquire,
    [V_RELEASE] = do_release,
    [V_ONCE] = do_once,
    [V_ONCE_END] = do_nothing,
    [V_BARRIER] = do_barrier,
};

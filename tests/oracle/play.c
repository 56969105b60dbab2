/*
 * play.c - goroutines that do what a program says.
 *
 * In: a program. Out: in the game, what each task has seen and where it is.
 *
 * Method: tables have one function for each verb; it calls the public API and
 * notes what came back. Whatever the API gives to the caller is noted, for
 * what nobody can see is no difference between two schedules.
 */
#include "tests/oracle/play.h"

#include <string.h>

#include "tests/oracle/game.h"

struct game play_game;

static play_fn *does(unsigned verb)
{
    play_fn *fn = play_chan_does[verb];

    if (!fn)
        fn = play_lock_does[verb];
    return fn ? fn : play_time_does[verb];
}

void play_until(struct player *me, unsigned end)
{
    while (me->at < end) {
        const struct op *o = &play_game.p.op[me->index][me->at];

        does(o->verb)(me, o);
        me->at++;
    }
}

void play_task(int t)
{
    struct player *me = &play_game.player[t];

    me->id = go_self();
    play_until(me, play_game.p.nop[t]);
}

static void make_objects(void)
{
    const struct program *p = &play_game.p;

    for (int i = 0; i < 2; i++)
        play_game.c[i] = chan_make(int64_t, p->cap[i]);
    if (play_game.timed)
        play_game.timer = go_timer_new(p->timer);
    if (play_game.cancelled) {
        play_game.ctx[0] = play_below(go_context_background(), p->within[0]);
        play_game.ctx[1] = play_below(play_game.ctx[0], p->within[1]);
    }
    play_game.sema = GO_SEMAPHORE(p->units);
    play_game.barrier = GO_BARRIER(2);
    go_waitgroup_add(&play_game.group, p->count);
}

void play_set(const struct program *p)
{
    play_game.p = *p;
    play_game.timed = program_receives(p, PLACE_TIMER, PLACE_TIMER) ||
                      program_has(p, V_STOP) || program_has(p, V_RESET);
    play_game.cancelled = program_receives(p, PLACE_DONE, PLACE_NIL - 1) ||
                          program_has(p, V_CANCEL) ||
                          program_has(p, V_DERIVE) || program_has(p, V_ERR);
}

void play_main(void)
{
    memset(&play_game.player, 0,
           sizeof(play_game) - offsetof(struct game, player));
    for (int t = 0; t < TASKS; t++)
        play_game.player[t].index = (uint8_t)t;
    make_objects();
    play_task(0);
}

/* ---- what came of it -----------------------------------------------------*/

static enum go_end end_of(void)
{
    enum go_end end = GO_END_CLEAN;

    for (unsigned t = 0; t < play_game.p.ntask; t++)
        if (play_game.player[t].id &&
            play_game.player[t].at < play_game.p.nop[t])
            end = t ? GO_END_LEFT : GO_END_STUCK;
    return play_game.player[0].at < play_game.p.nop[0] ? GO_END_STUCK : end;
}

static void read_objects(struct outcome *o)
{
    o->count = (uint8_t)play_game.group.count;
    o->units = (uint8_t)play_game.sema.free;
    for (int i = 0; i < ATOMICS; i++)
        o->value[i] = (uint8_t)play_game.atomic[i].value;
}

static void read_task(struct outcome *o, unsigned t)
{
    const struct player *player = &play_game.player[t];

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
    for (unsigned t = 0; t < play_game.p.ntask; t++) {
        read_task(o, t);
        if (o->fault && e && play_game.player[t].id == e->goroutine)
            o->who = (uint8_t)t;
    }
    read_objects(o);
    if (o->fault && e)
        outcome_cut(o);
}

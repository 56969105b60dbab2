/* play_time.c - contexts, time, atomics, and goroutines that are started. */
#include "tests/oracle/game.h"

/* ---- contexts and time ---------------------------------------------------*/

struct go_context *play_below(struct go_context *parent, unsigned within)
{
    return within ? go_context_with_timeout(parent, within)
                  : go_context_with_cancel(parent);
}

static void do_cancel(struct player *me, const struct op *o)
{
    (void)me;
    go_context_cancel(play_game.ctx[o->a]);
}

static void do_derive(struct player *me, const struct op *o)
{
    (void)me;
    play_game.ctx[2] = play_below(play_game.ctx[o->a], 0);
}

static void do_err(struct player *me, const struct op *o)
{
    int err = go_context_err(play_game.ctx[o->a]);

    play_note(me, err == -ECANCELED ? 1 : err == -ETIMEDOUT ? 2 : err);
}

static void do_sleep(struct player *me, const struct op *o)
{
    go_sleep(o->a);
    play_note(me, go_now());
}

static void do_after(struct player *me, const struct op *o)
{
    play_note(me, chan_recv(go_after(o->a)));
}

static void do_ticks(struct player *me, const struct op *o)
{
    struct go_ticker *t = go_ticker_new(2);

    for (unsigned i = 0; i < o->a; i++)
        play_note(me, chan_recv(t->c));
    go_ticker_free(t);
}

static void do_stop(struct player *me, const struct op *o)
{
    (void)o;
    play_note(me, go_timer_stop(play_game.timer));
}

static void do_reset(struct player *me, const struct op *o)
{
    play_note(me, go_timer_reset(play_game.timer, o->a));
}

/* ---- the rest ------------------------------------------------------------*/

static void do_load(struct player *me, const struct op *o)
{
    play_note(me, go_atomic_load(&play_game.atomic[o->a]));
}

static void do_store(struct player *me, const struct op *o)
{
    (void)me;
    go_atomic_store(&play_game.atomic[o->a], o->b);
}

static void do_swap(struct player *me, const struct op *o)
{
    play_note(me, go_atomic_swap(&play_game.atomic[o->a], o->b));
}

static void do_bump(struct player *me, const struct op *o)
{
    play_note(me, go_atomic_add(&play_game.atomic[o->a], o->b));
}

static void do_cas(struct player *me, const struct op *o)
{
    play_note(me, go_atomic_cas(&play_game.atomic[o->a], o->b, o->b + 1));
}

static void do_yield(struct player *me, const struct op *o)
{
    (void)me, (void)o;
    go_yield();
}

static void do_choose(struct player *me, const struct op *o)
{
    play_note(me, go_choose(o->a));
}

static void do_spawn(struct player *me, const struct op *o)
{
    (void)me;
    go(play_task, (int)o->a);
}

static void do_member(struct player *me, const struct op *o)
{
    (void)me;
    go_waitgroup_go(&play_game.group, play_task, (int)o->a);
}

static void do_later(struct player *me, const struct op *o)
{
    (void)me;
    go_after_func(o->b, play_task, (int)o->a);
}

play_fn *const play_time_does[V_COUNT] = {
    [V_CANCEL] = do_cancel, [V_DERIVE] = do_derive, [V_ERR] = do_err,
    [V_SLEEP] = do_sleep,   [V_AFTER] = do_after,   [V_TICKS] = do_ticks,
    [V_STOP] = do_stop,     [V_RESET] = do_reset,   [V_LOAD] = do_load,
    [V_STORE] = do_store,   [V_SWAP] = do_swap,     [V_BUMP] = do_bump,
    [V_CAS] = do_cas,       [V_YIELD] = do_yield,   [V_CHOOSE] = do_choose,
    [V_SPAWN] = do_spawn,   [V_MEMBER] = do_member, [V_LATER] = do_later,
};

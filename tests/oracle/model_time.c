/* model_time.c - contexts, time and the rest by Go's rules, for the model. */
#include "tests/oracle/state.h"

/* ---- contexts and time ---------------------------------------------------*/

void step_arm(struct step *x, unsigned timer, unsigned in)
{
    x->s->timer[timer].when = (uint8_t)(x->s->now + in);
}

static void end_context(struct step *x, unsigned ctx, unsigned err)
{
    x->s->err[ctx] = (uint8_t)err;
    if (ctx < 2)
        x->s->timer[TIMER_WITHIN + ctx].when = NEVER;
    step_shut(x, PLACE_DONE + ctx);
}

/* Context 1 is below 0, and 2 below whatever parent2 says. */
void step_cancel(struct step *x, unsigned ctx, unsigned err)
{
    struct state *s = x->s;

    if (s->err[ctx])
        return;
    end_context(x, ctx, err);
    if (ctx == 0 && !s->err[1])
        end_context(x, 1, err);
    if (s->made && !s->err[2] && s->err[s->parent2])
        end_context(x, 2, err);
}

static void step_cancels(struct step *x, unsigned t)
{
    step_cancel(x, step_op(x, t)->a, 1);
    step_next(x, t);
}

static void step_derive(struct step *x, unsigned t)
{
    struct state *s = x->s;

    s->made = 1;
    s->parent2 = step_op(x, t)->a;
    if (s->err[s->parent2])
        end_context(x, 2, s->err[s->parent2]);
    step_next(x, t);
}

static void step_err(struct step *x, unsigned t)
{
    step_note(x, t, x->s->err[step_op(x, t)->a]);
    step_next(x, t);
}

static void sleep_for(struct step *x, unsigned t, unsigned d)
{
    step_arm(x, TIMER_SLEEP + t, d);
    step_phase(x, t, 1);
    step_park(x, t);
}

static void step_sleep(struct step *x, unsigned t)
{
    if (!x->s->task[t].phase) {
        sleep_for(x, t, step_op(x, t)->a);
        return;
    }
    step_note(x, t, x->s->now);
    step_next(x, t);
}

static void step_ticks(struct step *x, unsigned t)
{
    struct mtask *k = &x->s->task[t];

    if (!k->phase)
        k->left = step_op(x, t)->a;
    else
        step_note(x, t, x->s->now);
    if (!k->phase || --k->left)
        sleep_for(x, t, 2);
    else
        step_next(x, t);
}

/* In time if nobody has had its value. */
static bool stop(struct step *x)
{
    struct mchan *c = &x->s->chan[PLACE_TIMER];
    struct mtimer *timer = &x->s->timer[TIMER_OWN];
    bool was = timer->when != NEVER || c->len;

    timer->when = NEVER;
    c->len = c->value[0] = 0;
    return was;
}

static void step_stop(struct step *x, unsigned t)
{
    step_note(x, t, stop(x));
    step_next(x, t);
}

static void step_reset(struct step *x, unsigned t)
{
    step_note(x, t, stop(x));
    step_arm(x, TIMER_OWN, step_op(x, t)->a);
    step_next(x, t);
}

/* ---- the rest ------------------------------------------------------------*/

static void step_atomic(struct step *x, unsigned t)
{
    const struct op *o = step_op(x, t);
    uint8_t *v = &x->s->value[o->a];
    int old = *v;

    if (o->verb == V_STORE || o->verb == V_SWAP)
        *v = o->b;
    else if (o->verb == V_BUMP)
        *v = (uint8_t)(old + o->b);
    else if (o->verb == V_CAS && old == o->b)
        *v = (uint8_t)(old + 1);
    if (o->verb == V_LOAD || o->verb == V_SWAP)
        step_note(x, t, old);
    else if (o->verb == V_BUMP)
        step_note(x, t, *v);
    else if (o->verb == V_CAS)
        step_note(x, t, old == o->b);
    step_next(x, t);
}

static void step_len(struct step *x, unsigned t)
{
    unsigned place = step_op(x, t)->a;

    step_note(x, t, place == PLACE_NIL ? 0 : x->s->chan[place].len);
    step_next(x, t);
}

static void step_choose(struct step *x, unsigned t)
{
    step_note(x, t, (int)step_pick(x, step_op(x, t)->a));
    step_next(x, t);
}

static void step_spawn(struct step *x, unsigned t)
{
    const struct op *o = step_op(x, t);

    if (o->verb == V_LATER) {
        step_arm(x, TIMER_START + o->a, o->b);
    } else {
        x->s->task[o->a].member = o->verb == V_MEMBER;
        if (o->verb == V_MEMBER)
            step_count(x, t, 1);
        step_start(x, o->a);
    }
    step_next(x, t);
}

step_fn *const step_time_does[V_COUNT] = {
    [V_LEN] = step_len,       [V_CANCEL] = step_cancels,
    [V_DERIVE] = step_derive, [V_ERR] = step_err,
    [V_SLEEP] = step_sleep,   [V_AFTER] = step_sleep,
    [V_TICKS] = step_ticks,   [V_STOP] = step_stop,
    [V_RESET] = step_reset,   [V_LOAD] = step_atomic,
    [V_STORE] = step_atomic,  [V_SWAP] = step_atomic,
    [V_BUMP] = step_atomic,   [V_CAS] = step_atomic,
    [V_YIELD] = step_next,    [V_CHOOSE] = step_choose,
    [V_SPAWN] = step_spawn,   [V_MEMBER] = step_spawn,
    [V_LATER] = step_spawn,
};

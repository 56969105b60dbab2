/*
 * model_chan.c - channels and select by Go's rules, for the model.
 *
 * A send, a receive, their tries and a select are one thing: cases, and maybe
 * a default. Who finds none ready queues with all, and the first that serves
 * one of them takes it out of all queues.
 */
#include "tests/oracle/state.h"

enum {
    FAILS = 1 /* phase: was woken by a close, and panics */
};

struct cases {
    unsigned n;
    bool otherwise;
    struct way way[CASES];
};

static void cases_of(const struct op *o, struct cases *c)
{
    if (o->verb == V_SELECT) {
        c->n = o->ncase;
        c->otherwise = o->otherwise;
        memcpy(c->way, o->way, sizeof(c->way));
        return;
    }
    c->n = 1;
    c->otherwise = o->verb == V_TRYSEND || o->verb == V_TRYRECV;
    c->way[0].send = o->verb == V_SEND || o->verb == V_TRYSEND;
    c->way[0].place = o->a;
}

static bool is_ready(const struct state *s, const struct way *w)
{
    const struct mchan *c = &s->chan[w->place];

    if (w->place == PLACE_NIL)
        return false;
    if (!c->open)
        return true;
    return w->send ? c->len < c->cap || c->recvq.n : c->len || c->sendq.n;
}

/* Out of all queues. */
static void unqueue(struct step *x, unsigned t)
{
    for (unsigned i = 0; i < PLACES - 1; i++) {
        queue_forget(&x->s->chan[i].recvq, t);
        queue_forget(&x->s->chan[i].sendq, t);
    }
}

/* t's operation is done, with its case k. */
static void done(struct step *x, unsigned t, unsigned k, bool ok, unsigned v)
{
    const struct op *o = step_op(x, t);
    bool send;

    switch (o->verb) {
    case V_SEND:
        step_note(x, t, 's');
        break;
    case V_TRYSEND:
        step_note(x, t, 1);
        break;
    case V_TRYRECV:
        step_note(x, t, ok ? 1 : 2);
        step_note(x, t, (int)v);
        break;
    case V_SELECT:
        step_note(x, t, (int)k);
        send = o->way[k].send;
        if (!send) {
            step_note(x, t, ok);
            step_note(x, t, (int)v);
        }
        break;
    default: /* a receive, also from a timer of its own */
        step_note(x, t, ok);
        step_note(x, t, (int)v);
        break;
    }
    step_next(x, t);
}

static void otherwise(struct step *x, unsigned t)
{
    const struct op *o = step_op(x, t);

    if (o->verb == V_SELECT) {
        step_note(x, t, o->ncase);
    } else {
        step_note(x, t, 0);
        if (o->verb == V_TRYRECV)
            step_note(x, t, 0);
    }
    step_next(x, t);
}

static unsigned value_of(const struct step *x, unsigned t, unsigned k)
{
    return program_value(t, x->s->task[t].at, k);
}

static void put(struct mchan *c, unsigned v)
{
    c->value[c->len++] = (uint8_t)v;
}

static unsigned get(struct mchan *c)
{
    unsigned v = c->value[0];

    c->value[0] = c->value[1];
    c->value[1] = 0;
    c->len--;
    return v;
}

/* To the oldest who waits, or into the room. */
static void give(struct step *x, struct mchan *c, unsigned v)
{
    unsigned t, k;

    if (!c->recvq.n) {
        put(c, v);
        return;
    }
    t = c->recvq.who[0];
    k = c->recvq.which[0];
    unqueue(x, t);
    done(x, t, k, true, v);
}

/* From the room, into which goes who waited longest; or from that one. */
static unsigned take(struct step *x, struct mchan *c)
{
    bool held = c->len > 0;
    unsigned v = held ? get(c) : 0, t, k, other;

    if (!c->sendq.n)
        return v;
    t = c->sendq.who[0];
    k = c->sendq.which[0];
    other = value_of(x, t, k);
    unqueue(x, t);
    done(x, t, k, true, 0);
    if (!held)
        return other;
    put(c, other);
    return v;
}

static void do_case(struct step *x, unsigned t, const struct way *w, unsigned k)
{
    struct mchan *c = &x->s->chan[w->place];

    if (w->send && !c->open) {
        step_panic(x, t, FAULT_SEND_CLOSED);
    } else if (w->send) {
        give(x, c, value_of(x, t, k));
        done(x, t, k, true, 0);
    } else {
        bool ok = c->len || c->sendq.n;
        unsigned v = ok ? take(x, c) : 0;

        done(x, t, k, ok, v);
    }
}

/* Whether two cases are the same half of one channel. */
static bool is_doubled(const struct cases *c)
{
    for (unsigned i = 0; i < c->n; i++)
        for (unsigned j = 0; j < i; j++)
            if (c->way[i].place == c->way[j].place &&
                c->way[i].send == c->way[j].send)
                return true;
    return false;
}

/* Parks. Go queues with the channels in the order of their addresses, and
   twice with one in any order: so each case may be the first. */
static void queue_all(struct step *x, unsigned t, const struct cases *c)
{
    unsigned first = c->n > 1 && is_doubled(c) ? step_pick(x, c->n) : 0;

    for (unsigned i = 0; i < c->n; i++) {
        unsigned k = (first + i) % c->n;
        struct mchan *on = &x->s->chan[c->way[k].place];

        if (c->way[k].place != PLACE_NIL)
            queue_push(c->way[k].send ? &on->sendq : &on->recvq, t, k);
    }
    step_park(x, t);
}

void step_cases(struct step *x, unsigned t)
{
    struct state *s = x->s;
    struct cases c;
    unsigned ready[CASES], n = 0;

    if (s->task[t].phase == FAILS) {
        step_panic(x, t, FAULT_SEND_CLOSED);
        return;
    }
    cases_of(step_op(x, t), &c);
    for (unsigned k = 0; k < c.n; k++)
        if (is_ready(s, &c.way[k]))
            ready[n++] = k;
    if (n) {
        unsigned k = ready[step_pick(x, n)];

        do_case(x, t, &c.way[k], k);
    } else if (c.otherwise) {
        otherwise(x, t);
    } else {
        queue_all(x, t, &c);
    }
}

/* Receivers first, as Go: of a select with both, that half is taken. */
void step_shut(struct step *x, unsigned place)
{
    struct mchan *c = &x->s->chan[place];

    c->open = false;
    while (c->recvq.n) {
        unsigned t = c->recvq.who[0], k = c->recvq.which[0];

        unqueue(x, t);
        done(x, t, k, false, 0);
    }
    while (c->sendq.n) {
        unsigned t = c->sendq.who[0];

        unqueue(x, t);
        step_phase(x, t, FAILS);
    }
}

void step_close(struct step *x, unsigned t)
{
    unsigned place = step_op(x, t)->a;

    if (place == PLACE_NIL) {
        step_panic(x, t, FAULT_CLOSE_NIL);
    } else if (!x->s->chan[place].open) {
        step_panic(x, t, FAULT_CLOSE_CLOSED);
    } else {
        step_shut(x, place);
        step_next(x, t);
    }
}

bool step_post(struct step *x, unsigned place, unsigned v)
{
    struct mchan *c = &x->s->chan[place];

    if (c->len == c->cap && !c->recvq.n)
        return false;
    give(x, c, v);
    return true;
}

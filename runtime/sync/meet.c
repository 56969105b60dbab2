/*
 * meet.c - which channel operations of a controlled run can be done now.
 *
 * In:  everybody's points (control.h). Out: offers. A send, a receive, a try
 * and a select are all the same here: a list of cases, and whether it goes on
 * when none is ready.
 *
 * Method: a case is ready by itself if its channel is closed, or has a value
 * or room. Without room it needs somebody at the other half, and the two go
 * on together. Who is stopped just before a send and who is parked in one look
 * the same, so whoever stands there can be met, and need not be: a try may as
 * well fail, unless the other has been there while the clock went on.
 *
 * M1  Who is met parks, so it must be one that would: it has no other way on,
 *     no case that is ready by itself, and none that somebody waits for who has
 *     arrived before it. One of two that meet is such a one.
 * M2  A meeting is offered once, by who sends.
 *     With GO_MORE_ARRIVALS nobody is met: who comes first parks in earnest.
 * M3  Nobody is served first for having come first: also not where time has
 *     gone on, and Go's queues would know. Go promises no order.
 */
#include "runtime/sync/meet.h"

/* A case that asks nobody. */
static bool is_ready(const struct go_case *k)
{
    const struct go_chan *c = rt_chan_of(k->chan);

    if (k->op == GO_CASE_DEFAULT || !c)
        return false;
    if (c->state != RT_CHAN_OPEN)
        return true;
    return k->op == GO_CASE_RECV ? c->len > 0 || c->sendq.first
                                 : c->len < c->cap || c->recvq.first;
}

/* M1, but for those who have arrived. */
static bool would_park(const struct rt_point *p)
{
    if (p->at.otherwise)
        return false;
    for (uint32_t i = 0; i < p->at.ncase; i++)
        if (is_ready(&p->at.cases[i]))
            return false;
    return true;
}

static bool is_rendezvous(const struct go_case *k)
{
    const struct go_chan *c = rt_chan_of(k->chan);

    return k->op != GO_CASE_DEFAULT && c && c->state == RT_CHAN_OPEN &&
           c->cap == 0;
}

/*
 * The halves that somebody stands at who could be met, of one moment: there
 * may be a thousand senders, and they are not to look at each other.
 */
enum {
    HALVES_MAX = 1 << 14 /* cases; with more an execution is cut off */
};
struct half {
    const struct rt_point *q;
    uint32_t j;
    bool parks;
};
struct halves {
    uint64_t moment;
    uint64_t told_apart; /* the moment for which parks is all of M1 */
    uint32_t n;
    struct half all[HALVES_MAX];
};
static struct halves receivers, senders;

static void add(struct halves *h, const struct rt_point *q, uint32_t j,
                bool parks)
{
    if (h->n < HALVES_MAX)
        h->all[h->n++] = (struct half){q, j, parks};
    else
        rt_point_give_up();
}

static void gather(struct halves *h, uint8_t op)
{
    const struct rt_point *q;
    uint32_t next = 0;

    h->n = 0;
    while ((q = rt_point_next(&next))) {
        bool parks = q->at.cases && would_park(q);

        for (uint32_t j = 0; q->at.cases && j < q->at.ncase; j++)
            if (q->at.cases[j].op == op && is_rendezvous(&q->at.cases[j]))
                add(h, q, j, parks);
    }
}

/* The other halves of op; parks says would_park. */
static struct halves *gathered_for(uint8_t op)
{
    struct halves *h = op == GO_CASE_SEND ? &receivers : &senders;

    if (h->moment != rt_point_moment()) {
        h->moment = rt_point_moment();
        gather(h, op == GO_CASE_SEND ? GO_CASE_RECV : GO_CASE_SEND);
    }
    return h;
}

static bool is_half_of(const struct half *half, const struct go_case *k)
{
    return rt_chan_of(half->q->at.cases[half->j].chan) == rt_chan_of(k->chan);
}

/*
 * Whether somebody waits for p who was there when p was not yet: p goes on with
 * that one, at once. No two who have arrived wait for each other.
 */
static __attribute__((noinline, cold)) bool
is_awaited_slow(const struct rt_point *p)
{
    for (uint32_t i = 0; i < p->at.ncase; i++) {
        const struct go_case *k = &p->at.cases[i];
        const struct halves *h;

        if (!is_rendezvous(k))
            continue;
        h = gathered_for(k->op);
        for (uint32_t n = 0; n < h->n; n++)
            if (h->all[n].q->arrived && h->all[n].parks &&
                is_half_of(&h->all[n], k))
                return true;
    }
    return false;
}

static bool is_awaited(const struct rt_point *p)
{
    return rt_point_any_arrived() && !p->arrived && is_awaited_slow(p);
}

/* The other halves of op. */
static const struct halves *halves_for(uint8_t op)
{
    struct halves *h = gathered_for(op);

    if (h->told_apart == h->moment || !rt_point_any_arrived())
        return h;
    h->told_apart = h->moment;
    for (uint32_t n = 0; n < h->n; n++)
        h->all[n].parks = h->all[n].parks && !is_awaited(h->all[n].q);
    return h;
}

/*
 * Those who can be met by p in its case i. Whether one of them must be: it has
 * arrived. Told by who sends, M2; who receives asks only for itself.
 */
static bool meet_all(const struct rt_point *p, uint32_t i, bool parks)
{
    const struct go_case *k = &p->at.cases[i];
    const struct halves *h;
    bool must = false;

    if (k->op == GO_CASE_RECV && !p->at.otherwise)
        return false;
    h = halves_for(k->op);
    for (uint32_t n = 0; n < h->n; n++) {
        const struct half *half = &h->all[n];

        if (half->q == p || !(parks || half->parks) || !is_half_of(half, k))
            continue;
        must |= half->q->arrived;
        if (k->op == GO_CASE_SEND)
            rt_offer_meet(p, (int32_t)i, half->q, (int32_t)half->j);
    }
    return must;
}

static void offer(const struct rt_point *p)
{
    bool ready = false, parks = would_park(p) && !is_awaited(p),
         queues = rt_point_has_more(GO_MORE_ARRIVALS);
    int32_t otherwise = RT_POINT_ANY;

    for (uint32_t i = 0; i < p->at.ncase; i++) {
        const struct go_case *k = &p->at.cases[i];

        if (k->op == GO_CASE_DEFAULT && otherwise == RT_POINT_ANY) {
            otherwise = (int32_t)i;
        } else if (is_ready(k)) {
            rt_offer(p, (int32_t)i, GO_NOWHERE);
            ready = true;
        } else if (!queues && is_rendezvous(k) && meet_all(p, i, parks)) {
            ready = true;
        }
    }
    if ((p->at.otherwise || queues) && !ready)
        rt_offer(p, otherwise, GO_NOWHERE);
}

void go_control_channel(const struct go_chan *handle,
                        struct go_channel_state *state)
{
    const struct go_chan *c = rt_chan_of(handle);

    *state =
        (struct go_channel_state){c->len, c->cap, c->state != RT_CHAN_OPEN};
}

/* M1 is asked for when a step is taken: nothing has changed since. */
static void stand(struct g *g, struct rt_point *p)
{
    p->offer = offer;
    p->would_park = would_park;
    rt_point_wait(g, p);
}

void rt_meet_slow(struct g *g, enum go_op op, struct go_chan *c, bool otherwise,
                  const struct go_site *site)
{
    const struct go_case one = {.op = op == GO_OP_SEND || op == GO_OP_TRYSEND
                                          ? GO_CASE_SEND
                                          : GO_CASE_RECV,
                                .chan = c,
                                .site = site};
    struct rt_point p = {.at = {.op = (uint16_t)op,
                                .otherwise = otherwise,
                                .object = rt_chan_of(c),
                                .cases = &one,
                                .ncase = 1,
                                .site = site}};

    stand(g, &p);
}

int rt_meet_select(struct g *g, const struct go_case *cases, size_t n,
                   const struct go_site *site)
{
    struct rt_point p = {.at = {.op = GO_OP_SELECT,
                                .cases = cases,
                                .ncase = (uint32_t)n,
                                .site = site}};

    for (size_t i = 0; i < n; i++)
        p.at.otherwise |= cases[i].op == GO_CASE_DEFAULT;
    stand(g, &p);
    return p.which;
}

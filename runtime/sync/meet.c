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
 *     and no case that is ready by itself. One of two that meet is such a one.
 * M2  A meeting is offered once, by who sends.
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

/* M1. */
static bool would_park(const struct rt_point *p)
{
    if (p->at.otherwise)
        return false;
    for (uint32_t i = 0; i < p->at.ncase; i++)
        if (is_ready(&p->at.cases[i]))
            return false;
    return true;
}

static bool can_meet(const struct go_case *k, const struct rt_point *q,
                     uint32_t j)
{
    const struct go_case *other = &q->at.cases[j];

    return other->op != k->op && other->op != GO_CASE_DEFAULT &&
           rt_chan_of(other->chan) == rt_chan_of(k->chan);
}

/*
 * Those who can be met by p in its case i. Whether one of them must be: it has
 * arrived. told: the sender's, M2.
 */
static bool meet_all(const struct rt_point *p, uint32_t i, bool parks)
{
    const struct go_case *k = &p->at.cases[i];
    const struct rt_point *q;
    bool must = false;
    uint32_t next = 0;

    while ((q = rt_point_next(&next))) {
        if (q == p || !q->at.cases)
            continue;
        for (uint32_t j = 0; j < q->at.ncase; j++) {
            if (!can_meet(k, q, j) || !(parks || would_park(q)))
                continue;
            must |= q->arrived;
            if (k->op == GO_CASE_SEND)
                rt_offer_meet(p, (int32_t)i, q, (int32_t)j);
        }
    }
    return must;
}

static bool is_rendezvous(const struct go_case *k)
{
    const struct go_chan *c = rt_chan_of(k->chan);

    return k->op != GO_CASE_DEFAULT && c && c->state == RT_CHAN_OPEN &&
           c->cap == 0;
}

static void offer(const struct rt_point *p)
{
    bool ready = false, parks = would_park(p);
    int32_t otherwise = RT_POINT_ANY;

    for (uint32_t i = 0; i < p->at.ncase; i++) {
        const struct go_case *k = &p->at.cases[i];

        if (k->op == GO_CASE_DEFAULT && otherwise == RT_POINT_ANY) {
            otherwise = (int32_t)i;
        } else if (is_ready(k)) {
            rt_offer(p, (int32_t)i, GO_NOWHERE);
            ready = true;
        } else if (is_rendezvous(k) && meet_all(p, i, parks)) {
            ready = true;
        }
    }
    if (p->at.otherwise && !ready)
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

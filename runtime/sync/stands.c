/*
 * stands.c - the waits of who has not parked yet: see the header.
 *
 * Method: one table, by operation; of channels the cases say it.
 */
#include "runtime/sync/stands.h"

#include "runtime/base/peek.h"
#include "runtime/sched/elsewhere.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/object.h"
#include "runtime/sync/waitq.h"

uint32_t rt_stands_most(const struct rt_point *p)
{
    return p->at.cases ? p->at.ncase : 1;
}

/* The program may have let go of it. */
static bool is_errgroup(const struct go_object *o)
{
    struct go_object head;

    return rt_peek(&head, o, sizeof(head)) && head.kind == GO_KIND_ERRGROUP;
}

static enum go_wait_reason reason_of(const struct rt_point *p)
{
    switch ((enum go_op)p->at.op) {
    case GO_OP_LOCK:
        return GO_WAIT_MUTEX;
    case GO_OP_RLOCK:
        return GO_WAIT_RWMUTEX_RLOCK;
    case GO_OP_WLOCK:
        return GO_WAIT_RWMUTEX_LOCK;
    case GO_OP_ONCE:
        return GO_WAIT_ONCE;
    case GO_OP_WAIT:
        return is_errgroup(p->at.object) ? GO_WAIT_ERRGROUP : GO_WAIT_WAITGROUP;
    case GO_OP_ACQUIRE:
        return GO_WAIT_SEMAPHORE;
    case GO_OP_SEND:
        return GO_WAIT_CHAN_SEND;
    case GO_OP_RECV:
        return GO_WAIT_CHAN_RECV;
    case GO_OP_SELECT:
        return p->at.ncase ? GO_WAIT_SELECT : GO_WAIT_SELECT_EMPTY;
    default:
        return GO_WAIT_NONE;
    }
}

static enum go_want want_of(enum go_op op)
{
    switch (op) {
    case GO_OP_ONCE:
    case GO_OP_WAIT:
        return GO_WANT_DONE;
    case GO_OP_ACQUIRE:
        return GO_WANT_RELEASE;
    default:
        return GO_WANT_UNLOCK;
    }
}

static uint32_t wait_for_channels(const struct rt_point *p, struct waiter *w)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < p->at.ncase; i++) {
        const struct go_case *k = &p->at.cases[i];
        struct go_chan *c = rt_chan_of(k->chan);

        if (k->op != GO_CASE_DEFAULT && c)
            rt_waiter_init(&w[n++], p->g, &c->obj, NULL,
                           k->op == GO_CASE_RECV ? GO_WANT_SEND : GO_WANT_RECV,
                           k->site ? k->site : p->at.site);
    }
    return n;
}

static uint32_t wait_for_object(const struct rt_point *p, struct waiter *w)
{
    const enum go_op op = (enum go_op)p->at.op;

    rt_waiter_init(w, p->g, (struct go_object *)(uintptr_t)p->at.object, NULL,
                   want_of(op), p->at.site);
    w->shared = op == GO_OP_RLOCK;
    return 1;
}

/* It has said itself what it would wait for. */
static bool await(const struct rt_await *a, struct waiter *w,
                  struct rt_wait *wait)
{
    if (!a->w)
        return false;
    rt_waiter_init(w, a->p.g, a->w->obj, NULL, a->w->want, a->w->site);
    w->shared = a->w->shared;
    wait->reason = a->reason;
    wait->n = 1;
    return true;
}

bool rt_stands_wait(const struct rt_point *p, struct waiter *w,
                    struct rt_wait *wait)
{
    *wait = (struct rt_wait){.reason = reason_of(p),
                             .w = w,
                             .site = p->at.site,
                             .since = rt_tick(),
                             .until = -1};
    if (rt_elsewhere_awaits(p))
        return await(rt_elsewhere_awaits(p), w, wait);
    if (wait->reason == GO_WAIT_NONE || p->at.otherwise)
        return false;
    wait->n = p->at.cases ? wait_for_channels(p, w) : wait_for_object(p, w);
    return true;
}

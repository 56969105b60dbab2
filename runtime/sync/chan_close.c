/*
 * chan_close.c - the end of a channel, and what timers and contexts do to those
 * of their own.
 *
 * Method: a close takes out everybody who waits, under the lock, and wakes them
 * after it: each sees that no value came.
 */
#include "runtime/sync/chan.h"

#include "runtime/sched/control.h"
#include "runtime/sync/order.h"

/* Everybody that waits, linked by next: theirs no more once it is popped. */
static struct waiter *chan_pop_all(struct go_chan *c)
{
    struct waiter *first = NULL, **end = &first, *w;

    while ((w = rt_waitq_pop(&c->recvq))) {
        if (w->elem)
            memset(w->elem, 0, c->elem);
        *end = w;
        end = &w->next;
    }
    while ((w = rt_waitq_pop(&c->sendq))) {
        *end = w;
        end = &w->next;
    }
    *end = NULL;
    return first;
}

/* Of a close, to who waited for it. */
static void chan_pass_on(struct g *by, struct g *to)
{
    rt_race_give(by, to);
    rt_causal_give(by, to);
}

const char *rt_chan_shut(struct go_chan *c, const struct g *by,
                         const struct go_site *site)
{
    struct g *self = (struct g *)(uintptr_t)by; /* const for all but clocks */
    struct waiter *w, *next;
    const char *wrong = NULL;

    rt_lock(&c->lock, RT_RANK_OBJECT);
    if (c->state != RT_CHAN_OPEN) {
        wrong = c->state == RT_CHAN_FREED ? RT_CHAN_USE_FREED
                                          : "close of closed channel";
        rt_unlock(&c->lock);
        return wrong;
    }
    c->state = RT_CHAN_CLOSED;
    rt_chan_use(&c->closed, by, site);
    if (by)
        rt_order_release(self, &c->obj);
    w = chan_pop_all(c);
    rt_unlock(&c->lock);
    for (; w; w = next) {
        next = w->next; /* before its goroutine runs, and w is gone */
        if (next) {     /* of a crowd nobody is in the cache */
            __builtin_prefetch(next->g, 1);
            __builtin_prefetch(next->next);
        }
        if (by && rt_causal_on())
            chan_pass_on(self, w->g);
        rt_ready(rt_chan_serve(w, false));
    }
    return NULL;
}

void go_chan_close_at(struct go_chan *handle, const struct go_site *site)
{
    struct go_chan *c = rt_chan_of(handle);
    const char *wrong;
    struct g *g;

    g = rt_enter();
    rt_point(g, GO_OP_CLOSE, c, site);
    if (!c) {
        rt_leave(g);
        go_panic_at(site, "close of nil channel");
    }
    wrong = rt_chan_shut(c, g, site);
    rt_leave(g);
    if (wrong)
        go_panic_at(site, "%s", wrong);
}

void go_chan_close(struct go_chan *c)
{
    go_chan_close_at(c, RT_HERE());
}

bool rt_chan_post(struct go_chan *c, const void *v, const struct g *by,
                  const struct go_site *site)
{
    struct g *wake = NULL;
    bool sent;

    rt_lock(&c->lock, RT_RANK_OBJECT);
    sent =
        c->state == RT_CHAN_OPEN && rt_chan_give_locked(c, v, by, site, &wake);
    rt_unlock(&c->lock);
    if (wake)
        rt_ready(wake);
    return sent;
}

bool rt_chan_drain(struct go_chan *c)
{
    bool any;

    rt_lock(&c->lock, RT_RANK_OBJECT);
    rt_check(!c->sendq.first, "C1: a sender waits on a runtime's channel");
    any = c->len > 0;
    c->len = 0;
    c->in = c->out = c->buf;
    rt_unlock(&c->lock);
    return any;
}

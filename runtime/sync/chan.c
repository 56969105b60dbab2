/*
 * chan.c - send, receive, close: values from goroutine to goroutine.
 *
 * In: handles from the macros of <vigil/chan.h>, with their low bits. Out:
 * select.c uses the two halves that do not wait; timers and contexts post on
 * and shut channels of their own.
 *
 * Method: under the channel's lock, a value goes straight to the oldest
 * parked partner (into the place that its waiter names, on its stack, which
 * does not move while it is parked), else through the ring, else the caller
 * parks. So a woken goroutine has nothing left to do: its value has come or
 * gone, or success says that the channel was closed.
 *
 * The state is looked at once at the door: closed and freed are both "not
 * open", off the fast path. Panics are raised after the lock is released and
 * the runtime left, for what they run is the program's.
 *
 * Why no lock-free fast path for an empty or full channel, as Go has: on one
 * worker the lock costs nothing, and on several the line is needed anyway.
 */
#include "runtime/sync/chan.h"

#include "runtime/sync/meet.h"
#include "runtime/sync/order.h"

static const char SEND_CLOSED[] = "send on closed channel";

/* A value was copied to c->in. */
static inline void chan_put_done(struct go_chan *c)
{
    c->in += c->elem;
    if (c->in == c->end)
        c->in = c->buf;
    c->len++;
}

static inline void chan_put(struct go_chan *c, const void *v)
{
    rt_assert(c->len < c->cap, "C3: the ring is full");
    rt_chan_copy(c->in, v, c->elem);
    chan_put_done(c);
}

/* A value was copied from c->out. */
static inline void chan_get_done(struct go_chan *c)
{
    c->out += c->elem;
    if (c->out == c->end)
        c->out = c->buf;
    c->len--;
}

static inline void chan_get(struct go_chan *c, void *out)
{
    rt_assert(c->len > 0, "C3: the ring is empty");
    rt_chan_copy(out, c->out, c->elem);
    chan_get_done(c);
}

/* A goroutine that can be in a clock; by is const for all else. */
static struct g *chan_causal(const struct g *by)
{
    return (struct g *)(uintptr_t)by;
}

static inline bool chan_clocked(const struct g *g)
{
    return g && (g->clock || g->marked);
}

/* For races, the same as below. */
static void chan_race(struct go_chan *c, struct g *self, struct g *other,
                      size_t len, bool given)
{
    uintptr_t key = (uintptr_t)c;
    const struct g *taker = given ? other : self;

    if (c->use == RT_CHAN_TIMER && taker)
        rt_race_acquire(taker, rt_race_armed(c));
    if (!c->cap) {
        if (self && other)
            rt_race_meet_slow(self, other);
        return;
    }
    if (given) {
        rt_race_put_slow(self, key, c->cap, len);
        if (other)
            rt_race_take_slow(other, key, c->cap, len + 1);
    } else {
        rt_race_take_slow(self, key, c->cap, len);
        if (other)
            rt_race_put_slow(other, key, c->cap, len - 1);
    }
}

/*
 * For lock orders: what is past for whom, once a value has changed hands. len
 * is how many were in the ring before, w who was parked for the other half;
 * given: by has sent. Neither may have a clock: the ring may carry one.
 */
static __attribute__((noinline, cold)) void chan_past(struct go_chan *c,
                                                      const struct g *by,
                                                      const struct waiter *w,
                                                      size_t len, bool given)
{
    struct g *self = chan_causal(by), *other = w ? w->g : NULL;
    bool any = chan_clocked(self) || chan_clocked(other);
    uint64_t key = any ? rt_object_id(&c->obj) : c->obj.id;

    if (rt_race_on())
        chan_race(c, self, other, len, given);
    if (!key)
        return;
    if (!c->cap) {
        if (self && other)
            rt_causal_meet(self, other);
        return;
    }
    if (given) {
        rt_causal_put(self, key, c->cap, len);
        if (other)
            rt_causal_take(other, key, c->cap, len + 1);
    } else {
        rt_causal_take(self, key, c->cap, len);
        if (other)
            rt_causal_put(other, key, c->cap, len - 1);
    }
}

/* To the oldest receiver, else into the ring; false: neither. */
static inline __attribute__((always_inline)) bool
chan_give(struct go_chan *c, const void *v, const struct g *by,
          const struct go_site *site, struct g **wake)
{
    struct waiter *w = NULL;
    size_t len = c->len;

    *wake = NULL;
    if (c->recvq.first && (w = rt_waitq_pop(&c->recvq))) {
        rt_chan_copy(w->elem, v, c->elem);
        rt_use(&c->received, w->g, w->site);
        *wake = rt_chan_serve(w, true);
    } else if (c->len < c->cap) {
        chan_put(c, v);
    } else {
        return false;
    }
    rt_chan_use(&c->sent, by, site);
    if (rt_causal_on())
        chan_past(c, by, w, len, true);
    return true;
}

/*
 * From the ring, else from the oldest sender. With senders waiting the ring is
 * full (C1): the oldest one's value takes the place that has become free.
 */
static inline __attribute__((always_inline)) bool
chan_take(struct go_chan *c, void *out, const struct g *by,
          const struct go_site *site, struct g **wake)
{
    struct waiter *w = NULL;
    size_t len = c->len;

    *wake = NULL;
    if (c->len > 0) {
        chan_get(c, out);
        if (rt_unlikely(c->sendq.first) && (w = rt_waitq_pop(&c->sendq)))
            chan_put(c, w->elem);
    } else if (c->sendq.first && (w = rt_waitq_pop(&c->sendq))) {
        rt_chan_copy(out, w->elem, c->elem);
    } else {
        return false;
    }
    if (w) {
        rt_use(&c->sent, w->g, w->site);
        *wake = rt_chan_serve(w, true);
    }
    rt_chan_use(&c->received, by, site);
    if (rt_causal_on())
        chan_past(c, by, w, len, false);
    return true;
}

bool rt_chan_give_locked(struct go_chan *c, const void *v, const struct g *by,
                         const struct go_site *site, struct g **wake)
{
    rt_assert_held(&c->lock);
    rt_assert(c->state == RT_CHAN_OPEN, "C2: a send on what is not open");
    return chan_give(c, v, by, site, wake);
}

bool rt_chan_take_locked(struct go_chan *c, void *out, const struct g *by,
                         const struct go_site *site, bool *ok, struct g **wake)
{
    rt_assert_held(&c->lock);
    rt_assert(c->state != RT_CHAN_FREED, "a receive from a freed channel");
    *ok = chan_take(c, out, by, site, wake);
    if (*ok)
        return true;
    if (c->state == RT_CHAN_OPEN)
        return false;
    if (by)
        rt_order_acquire(chan_causal(by), &c->obj);
    if (out)
        memset(out, 0, c->elem);
    return true;
}

/* One goroutine, one channel: parks until served. False: it was closed. What
   must be locked is, and g may park. */
static inline __attribute__((always_inline)) bool
chan_park_solo(struct g *g, struct go_chan *c, struct go_waitq *q, void *elem,
               enum go_want want, const struct go_site *site)
{
    struct waiter w;

    rt_waiter_init(&w, g, &c->obj, elem, want, site);
    rt_waitq_push(q, &w);
    rt_park(&c->lock,
            want == GO_WANT_RECV ? GO_WAIT_CHAN_SEND : GO_WAIT_CHAN_RECV, &w, 1,
            site);
    rt_assert(!w.queue, "W1: served, and still in a queue");
    return w.success;
}

static bool chan_park(struct g *g, struct go_chan *c, struct go_waitq *q,
                      void *elem, enum go_want want, const struct go_site *site)
{
    rt_must_park(g, &c->lock);
    return chan_park_solo(g, c, q, elem, want, site);
}

/* A nil channel: for ever. */
static void chan_park_nil(enum go_wait_reason reason, enum go_want want,
                          const struct go_site *site)
{
    struct g *g = rt_enter();
    struct waiter w = {.g = g, .site = site, .want = want};

    rt_must_park(g, NULL);
    rt_park(NULL, reason, &w, 1, site);
    rt_throw("chan: somebody woke a wait on a nil channel");
}

/* The road out for what the program must not do; c's lock is held. */
static __attribute__((noinline, noreturn, cold)) void
chan_panic(struct go_chan *c, struct g *g, const struct go_site *site,
           const char *what)
{
    rt_unlock(&c->lock);
    rt_leave(g);
    go_panic_at(site, "%s", what);
}

/* Why a send on c, which is not open, panics. */
static const char *chan_wrong(const struct go_chan *c)
{
    return c->state == RT_CHAN_FREED ? RT_CHAN_USE_FREED : SEND_CLOSED;
}

/* From within the runtime or, with g NULL, from a thread outside it. */
static __attribute__((noinline)) void send_slow(struct go_chan *handle,
                                                const void *v, struct g *g,
                                                const struct go_site *site)
{
    struct go_chan *c = rt_chan_of(handle);
    struct g *wake;

    if (!g)
        g = rt_enter();
    rt_meet(g, GO_OP_SEND, handle, false, site);
    rt_lock(&c->lock, RT_RANK_OBJECT);
    if (rt_unlikely(c->state != RT_CHAN_OPEN))
        chan_panic(c, g, site, chan_wrong(c));
    if (chan_give(c, v, g, site, &wake)) {
        rt_unlock(&c->lock);
        if (wake)
            rt_ready(wake);
        rt_leave(g);
        return;
    }
    /* the value is only read there, by the receiver */
    if (!chan_park(g, c, &c->sendq, (void *)(uintptr_t)v, GO_WANT_RECV, site)) {
        rt_leave(g);
        go_panic_at(site, "%s", SEND_CLOSED);
    }
    rt_leave(g);
}

/* The same in a quick run, where there are no locks; c is open, g has entered. */
static __attribute__((noinline)) void send_solo(struct go_chan *c,
                                                const void *v, struct g *g,
                                                const struct go_site *site)
{
    struct g *wake;
    bool sent = chan_give(c, v, g, site, &wake);

    if (wake)
        rt_ready(wake);
    else if (!sent && !chan_park_solo(g, c, &c->sendq, (void *)(uintptr_t)v,
                                      GO_WANT_RECV, site)) {
        rt_leave_fast(rt_m());
        go_panic_at(site, "%s", SEND_CLOSED);
    }
    rt_leave_fast(rt_m());
}

static __attribute__((noinline)) bool
recv_solo(struct go_chan *c, void *out, struct g *g, const struct go_site *site)
{
    struct g *wake;
    bool ok = true;

    if (!chan_take(c, out, g, site, &wake))
        ok = chan_park_solo(g, c, &c->recvq, out, GO_WANT_SEND, site);
    else if (wake)
        rt_ready(wake);
    rt_leave_fast(rt_m());
    return ok;
}

/*
 * The fast paths, of send and receive: a quick run, a value of a usual size, an
 * open channel with room or a value, and nobody else who waits there. They call
 * nobody but the slow ones, at their end, and so save no registers.
 */
static inline bool chan_is_quick(const struct go_chan *c, const struct g *g)
{
    return rt_likely(g && rt_load(rt_quick)) && !rt_causal_on() &&
           c->state == RT_CHAN_OPEN;
}

void go_chan_send_at(struct go_chan *handle, const void *v,
                     const struct go_site *site)
{
    struct go_chan *c = rt_chan_of(handle);
    struct m *worker;
    struct g *g;

    if (rt_unlikely(!c))
        chan_park_nil(GO_WAIT_CHAN_SEND_NIL, GO_WANT_RECV, site);
    g = rt_enter_fast(&worker);
    if (!chan_is_quick(c, g)) {
        send_slow(handle, v, g, site);
        return;
    }
    if (c->recvq.first || c->len >= c->cap ||
        !rt_chan_copy_usual(c->in, v, c->elem)) {
        send_solo(c, v, g, site);
        return;
    }
    chan_put_done(c);
    rt_chan_use(&c->sent, g, site);
    rt_leave_fast(worker);
}

/* A receive from what is not open: what is left in the ring, then zeros. */
static __attribute__((noinline)) bool
chan_recv_closed(struct go_chan *c, void *out, struct g *g,
                 const struct go_site *site)
{
    struct g *wake;
    bool ok;

    if (c->state == RT_CHAN_FREED)
        chan_panic(c, g, site, RT_CHAN_USE_FREED);
    rt_chan_take_locked(c, out, g, site, &ok, &wake);
    rt_check(!wake, "C2: somebody waited on a closed channel");
    rt_unlock(&c->lock);
    rt_leave(g);
    return ok;
}

/* From within the runtime or, with g NULL, from a thread outside it. */
static __attribute__((noinline)) bool recv_slow(struct go_chan *handle,
                                                void *out, struct g *g,
                                                const struct go_site *site)
{
    struct go_chan *c = rt_chan_of(handle);
    struct g *wake;
    bool ok = true;

    if (!g)
        g = rt_enter();
    rt_meet(g, GO_OP_RECV, handle, false, site);
    rt_lock(&c->lock, RT_RANK_OBJECT);
    if (rt_unlikely(c->state != RT_CHAN_OPEN))
        return chan_recv_closed(c, out, g, site);
    if (chan_take(c, out, g, site, &wake)) {
        rt_unlock(&c->lock);
        if (wake)
            rt_ready(wake);
    } else {
        ok = chan_park(g, c, &c->recvq, out, GO_WANT_SEND, site);
    }
    rt_leave(g);
    return ok;
}

bool go_chan_recv_at(struct go_chan *handle, void *out,
                     const struct go_site *site)
{
    struct go_chan *c = rt_chan_of(handle);
    struct m *worker;
    struct g *g;

    if (rt_unlikely(!c))
        chan_park_nil(GO_WAIT_CHAN_RECV_NIL, GO_WANT_SEND, site);
    g = rt_enter_fast(&worker);
    if (!chan_is_quick(c, g))
        return recv_slow(handle, out, g, site);
    if (!c->len || c->sendq.first || !rt_chan_copy_usual(out, c->out, c->elem))
        return recv_solo(c, out, g, site);
    chan_get_done(c);
    rt_chan_use(&c->received, g, site);
    rt_leave_fast(worker);
    return true;
}

/* Values, or with room true the room for them, as a program is told. */
static size_t chan_count(struct go_chan *handle, bool room,
                         const struct go_site *site)
{
    struct go_chan *c = rt_chan_of(handle);
    struct g *g;
    size_t n;

    if (!c)
        return 0;
    g = rt_enter();
    if (!room)
        rt_point(g, GO_OP_LEN, c, site);
    rt_lock(&c->lock, RT_RANK_OBJECT);
    if (c->state == RT_CHAN_FREED)
        chan_panic(c, g, site, RT_CHAN_USE_FREED);
    n = c->use == RT_CHAN_TIMER ? 0 : room ? c->cap : c->len;
    rt_unlock(&c->lock);
    rt_leave(g);
    return n;
}

size_t go_chan_len(struct go_chan *c)
{
    return chan_count(c, false, RT_HERE());
}

size_t go_chan_cap(struct go_chan *c)
{
    return chan_count(c, true, RT_HERE());
}

/*
 * timers.c - go_after, struct go_timer, struct go_ticker.
 *
 * In: durations from the program. Out: instants on channels with room for
 * one, or new goroutines.
 *
 * Method: each is an rt_timer with a channel that belongs to it. Stop and
 * reset first disarm, which waits for a fire that is under way, and then drain
 * the channel; so no old value is left, as in Go since 1.23. An expired timer
 * whose value nobody took counts as stopped in time, as there.
 *
 * T1  Stop, reset and free of one timer exclude each other (its lock): a fire
 *     between the drain of one and the arming of another would leave a value.
 *     The fire functions do not take that lock, for disarm waits under it.
 * T2  A timer's channel knows its timer, a go_after's as long as it has one.
 *     Whoever clears that, under the channel's lock, gives the timer back:
 *     its last fire, or who frees the channel before.
 */
#include "runtime/sync/timers.h"

#include "runtime/sched/race.h"
#include "runtime/sched/causal.h"
#include "runtime/sched/control.h"
#include "runtime/sched/spawn.h"
#include "runtime/sync/instant.h"

enum {
    RETRY = 1000000
}; /* ns until a goroutine is tried again */

/* In the bytes of the channel's own memory that its one value leaves free. */
static struct rt_timers **owner_of(struct go_chan *c)
{
    _Static_assert(sizeof(go_instant) + sizeof(struct rt_timers *) <=
                       RT_CHAN_INLINE,
                   "value and owner fit");
    rt_assert(c->use == RT_CHAN_TIMER, "T2: not a timer's channel");
    return (struct rt_timers **)(void *)(c->inside + sizeof(go_instant));
}

/* T2: whether t was still c's. */
static bool disown(struct go_chan *c, struct rt_timers *t)
{
    bool mine;

    rt_lock(&c->lock, RT_RANK_OBJECT);
    mine = *owner_of(c) == t;
    if (mine)
        *owner_of(c) = NULL;
    rt_unlock(&c->lock);
    return mine;
}

static void fire_chan(struct rt_timer *timer, int64_t now)
{
    struct rt_timers *t = timer->arg;

    rt_chan_post(t->head.c, &now, NULL, timer->site);
}

/* A tick that nobody has taken yet: another one is lost. */
static bool is_full(const struct rt_timer *timer)
{
    const struct rt_timers *t = timer->arg;

    return t->head.c->len > 0;
}

static bool is_awaited(const struct rt_timer *timer)
{
    const struct rt_timers *t = timer->arg;
    const struct waiter *w = rt_waitq_first(&t->head.c->recvq);

    while (w && w->g->daemon)
        w = w->next;
    return w != NULL;
}

static void fire_after(struct rt_timer *timer, int64_t now)
{
    struct rt_timers *t = timer->arg;
    struct go_chan *c = t->head.c;

    rt_chan_post(c, &now, NULL, timer->site);
    if (disown(c, t))
        rt_timers_give(t);
}

static void fire_func(struct rt_timer *timer, int64_t now)
{
    struct rt_timers *t = timer->arg;
    struct rt_spawn s = {.fn = t->call.fn,
                         .arg = t->call.arg,
                         .site = timer->site,
                         .after = rt_causal_key(t)};

    /* The scheduler has nobody to panic: when there is no stack, later. */
    if (!rt_spawn(NULL, &s))
        rt_timer_arm(timer, rt_instant_add(now, RETRY), 0);
}

static void set_up(struct rt_timers *t, struct go_chan *c,
                   const struct go_site *site)
{
    static void (*const fire[])(struct rt_timer *, int64_t) = {
        [RT_TIMERS_TIMER] = fire_chan,
        [RT_TIMERS_FUNC] = fire_func,
        [RT_TIMERS_TICKER] = fire_chan,
        [RT_TIMERS_AFTER] = fire_after,
    };

    t->head.c = c;
    t->head.born = site;
    t->timer.fire = fire[t->use];
    t->timer.arg = t;
    t->timer.site = site;
    t->timer.kind = c ? RT_TIMER_CHAN : RT_TIMER_CALL;
    t->timer.obj = c ? &c->obj : NULL;
    t->timer.is_awaited = is_awaited;
    t->timer.is_vain = t->use == RT_TIMERS_TICKER ? is_full : NULL;
    if (c)
        *owner_of(c) = t;
}

static struct go_chan *make_chan(const struct go_site *site)
{
    const char *why;
    struct go_chan *c = rt_chan_new(sizeof(go_instant), 1, "go_instant",
                                    RT_CHAN_TIMER, site, &why);

    if (!c)
        go_panic_at(site, "%s", why);
    return c;
}

/* What it calls, or who receives from it, comes after this. */
static void note_armed(struct rt_timers *t, struct g *g)
{
    rt_race_release(g, t->head.c ? rt_race_armed(t->head.c) : t);
    if (!t->head.c)
        rt_causal_release(g, rt_causal_key(t));
}

/*
 * Makes and arms one; period 0: once. With a channel or a call. Panics when
 * there is no memory. That of a go_after may be gone when it returns.
 */
static struct rt_timers *make(enum rt_timers_use use, struct go_chan *c,
                              const struct go_call *call, go_duration d,
                              go_duration period, const struct go_site *site)
{
    struct g *g = rt_enter();
    struct rt_timers *t = rt_timers_take(use);

    if (t) {
        if (call)
            t->call = *call;
        set_up(t, c, site);
        if (rt_causal_on())
            note_armed(t, g);
        rt_timer_arm(&t->timer, rt_instant_after(d), period);
    }
    rt_leave(g);
    if (t)
        return t;
    if (c)
        go_chan_free_at(c, site);
    rt_refused("no memory for a timer");
    go_panic_at(site, "out of memory: no room for a timer");
}

/* The inner timer, if it is one and not freed; else a panic. */
static struct rt_timers *checked(void *timer, const struct go_site *site)
{
    struct rt_timers *t = timer;

    if (!t)
        go_panic_at(site, "use of nil timer");
    if (__atomic_load_n(&t->use, __ATOMIC_ACQUIRE) == RT_TIMERS_FREED)
        go_panic_at(site, "use of freed timer");
    rt_check(t->use == RT_TIMERS_TIMER || t->use == RT_TIMERS_FUNC ||
                 t->use == RT_TIMERS_TICKER,
             "timers: not a timer of the program");
    return t;
}

/* Whether it was stopped before anybody saw it expire. */
static bool stop_locked(struct rt_timers *t)
{
    bool was = rt_timer_disarm(&t->timer);

    rt_assert_held(&t->lock);
    if (t->head.c && rt_chan_drain(t->head.c))
        was = true;
    return was;
}

static bool stop(struct rt_timers *t, const struct go_site *site)
{
    struct g *g = rt_enter();
    bool was;

    rt_point(g, GO_OP_TIMER, t->head.c, site);
    rt_lock(&t->lock, RT_RANK_TIMERS);
    was = stop_locked(t);
    rt_unlock(&t->lock);
    rt_leave(g);
    return was;
}

static bool reset(struct rt_timers *t, go_duration d, go_duration period,
                  const struct go_site *site)
{
    struct g *g = rt_enter();
    bool was;

    rt_point(g, GO_OP_TIMER, t->head.c, site);
    rt_lock(&t->lock, RT_RANK_TIMERS);
    was = stop_locked(t);
    if (rt_causal_on())
        note_armed(t, g);
    rt_timer_arm(&t->timer, rt_instant_after(d), period);
    rt_unlock(&t->lock);
    rt_leave(g);
    return was;
}

/* The slot, and the channel, which panics while somebody waits on it. */
static void give_back(struct rt_timers *t, const struct go_site *site)
{
    struct go_chan *c = t->head.c;
    struct g *g;

    stop(t, site);
    g = rt_enter();
    if (c)
        disown(c, t);
    rt_timers_give(t);
    rt_leave(g);
    if (c)
        go_chan_free_at(c, site);
}

bool rt_timers_release(struct go_chan *c)
{
    struct rt_timers *t;
    bool owned;

    rt_lock(&c->lock, RT_RANK_OBJECT);
    t = *owner_of(c);
    owned = t && t->use != RT_TIMERS_AFTER;
    if (!owned)
        *owner_of(c) = NULL;
    rt_unlock(&c->lock);
    if (t && !owned) {
        rt_timer_disarm(&t->timer);
        rt_timers_give(t);
    }
    return !owned;
}

GO_CHAN(go_instant) go_after_at(go_duration d, const struct go_site *site)
{
    struct go_chan *c = make_chan(site);

    make(RT_TIMERS_AFTER, c, NULL, d, 0, site);
    return (GO_CHAN(go_instant))c;
}

struct go_timer *go_timer_new_at(go_duration d, const struct go_site *site)
{
    return (struct go_timer *)make(RT_TIMERS_TIMER, make_chan(site), NULL, d, 0,
                                   site);
}

struct go_timer *go_after_func_at(go_duration d, const struct go_call *call,
                                  const struct go_site *site)
{
    if (!call->fn)
        go_panic_at(site, "go of nil func value");
    return (struct go_timer *)make(RT_TIMERS_FUNC, NULL, call, d, 0, site);
}

struct go_ticker *go_ticker_new_at(go_duration d, const struct go_site *site)
{
    if (d <= 0)
        go_panic_at(site, "non-positive interval for go_ticker_new");
    return (struct go_ticker *)make(RT_TIMERS_TICKER, make_chan(site), NULL, d,
                                    d, site);
}

bool go_timer_stop_at(struct go_timer *t, const struct go_site *site)
{
    return stop(checked(t, site), site);
}

bool go_timer_reset_at(struct go_timer *t, go_duration d,
                       const struct go_site *site)
{
    return reset(checked(t, site), d, 0, site);
}

void go_timer_free_at(struct go_timer *t, const struct go_site *site)
{
    if (t)
        give_back(checked(t, site), site);
}

void go_ticker_stop_at(struct go_ticker *t, const struct go_site *site)
{
    stop(checked(t, site), site);
}

void go_ticker_reset_at(struct go_ticker *t, go_duration d,
                        const struct go_site *site)
{
    if (d <= 0)
        go_panic_at(site, "non-positive interval for go_ticker_reset");
    reset(checked(t, site), d, d, site);
}

void go_ticker_free_at(struct go_ticker *t, const struct go_site *site)
{
    if (t)
        give_back(checked(t, site), site);
}

/* By function: the site is where it was called from. */

GO_CHAN(go_instant)(go_after)(go_duration d)
{
    return go_after_at(d, RT_HERE());
}

struct go_timer *(go_timer_new)(go_duration d)
{
    return go_timer_new_at(d, RT_HERE());
}

bool(go_timer_stop)(struct go_timer *t)
{
    return go_timer_stop_at(t, RT_HERE());
}

bool(go_timer_reset)(struct go_timer *t, go_duration d)
{
    return go_timer_reset_at(t, d, RT_HERE());
}

void(go_timer_free)(struct go_timer *t)
{
    go_timer_free_at(t, RT_HERE());
}

struct go_ticker *(go_ticker_new)(go_duration d)
{
    return go_ticker_new_at(d, RT_HERE());
}

void(go_ticker_stop)(struct go_ticker *t)
{
    go_ticker_stop_at(t, RT_HERE());
}

void(go_ticker_reset)(struct go_ticker *t, go_duration d)
{
    go_ticker_reset_at(t, d, RT_HERE());
}

void(go_ticker_free)(struct go_ticker *t)
{
    go_ticker_free_at(t, RT_HERE());
}

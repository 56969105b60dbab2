/*
 * select.c - wait for the first of several channels; or, of one, do not wait.
 *
 * In: cases from GO_RECV and its like, and the tries of a channel, which are a
 * case and a default. Out: the place of the one taken.
 *
 * Method: look at all channels without their locks, draw one of those that
 * look ready, each with the same probability, lock only that one, and do its
 * half as send or receive would; if it is not ready any more, look again.
 * Only to park are all locks taken, in the order of addresses (so two selects
 * cannot wait for each other), all looked at once more, and a waiter queued
 * on each. Who wakes us claims the goroutine first (select_done), so exactly
 * one case is served; the other waiters are taken out afterwards, one lock at
 * a time.
 *
 * S1  waiters[i] is of cases[i]; that of a nil channel is in no queue.
 * S2  A waiter that is still queued after the wake-up has not been served, and
 *     cannot be: select_done stays set until the next select parks.
 *
 * Up to FEW cases lie on the stack, more come from the heap, and are had
 * before the locks.
 */
#include <errno.h>
#include <stdlib.h>

#include "runtime/sync/meet.h"

enum {
    FEW = 16,     /* cases that need no memory */
    NOWHERE = -1, /* no case is ready */
};

/* What a select that has to park needs. */
struct select {
    struct go_case *cases;
    size_t n;
    const struct go_site *site;
    size_t turn;            /* in which order they are queued: select_turn */
    struct waiter *waiters; /* n of them, S1 */
    struct go_chan **order; /* the channels, each once, by address */
    size_t channels;
    struct waiter few_waiters[FEW];
    struct go_chan *few_order[FEW];
};

/*
 * Whether a case would not have to wait. Without the lock it is a guess, made
 * anew under it; so the thread sanitizer is not to look.
 */
static inline __attribute__((always_inline)) bool
looks_ready(const struct go_case *k)
{
    const struct go_chan *c = rt_chan_of(k->chan);

    if (k->op == GO_CASE_DEFAULT || !c)
        return false;
    if (__atomic_load_n(&c->state, __ATOMIC_RELAXED) != RT_CHAN_OPEN)
        return true;
    if (k->op == GO_CASE_RECV)
        return __atomic_load_n(&c->len, __ATOMIC_RELAXED) > 0 ||
               __atomic_load_n(&c->sendq.first, __ATOMIC_RELAXED);
    return __atomic_load_n(&c->len, __ATOMIC_RELAXED) < c->cap ||
           __atomic_load_n(&c->recvq.first, __ATOMIC_RELAXED);
}

/* 0..n-1 at random. A foreign thread is alone here: rt_enter saw to it. */
static uint32_t draw(uint32_t n)
{
    static struct rt_rng foreign = {0x5eed};
    struct m *m = rt_m();

    return rt_rng_below(m && m->p ? &m->p->rng : &foreign, n);
}

/* The place of one that looks ready, drawn fairly; NOWHERE; or the default. */
static __attribute__((no_sanitize("thread"))) int
select_pick(const struct go_case *cases, size_t n)
{
    int ready = 0, last = NOWHERE, otherwise = NOWHERE;
    size_t i;

    for (i = 0; i < n; i++) {
        if (looks_ready(&cases[i])) {
            last = (int)i;
            ready++;
        } else if (cases[i].op == GO_CASE_DEFAULT && otherwise == NOWHERE) {
            otherwise = (int)i;
        }
    }
    if (ready <= 1)
        return ready ? last : otherwise;
    ready = (int)draw((uint32_t)ready);
    for (i = 0; i < n; i++)
        if (looks_ready(&cases[i]) && ready-- == 0)
            return (int)i;
    return last; /* somebody was quicker with one of them */
}

/* Out of the runtime, into the panic; the channel's lock is held. */
static __attribute__((noinline, noreturn, cold)) void
select_panic(struct go_chan *c, struct g *g, const struct go_site *site)
{
    bool freed = c->state == RT_CHAN_FREED;

    rt_unlock(&c->lock);
    rt_leave(g);
    go_panic_at(site, "%s",
                freed ? RT_CHAN_USE_FREED : "send on closed channel");
}

/* Does one case's half, if it can be done at once. *ok only for receives. */
static inline __attribute__((always_inline)) bool
select_try(struct g *g, const struct go_case *k, bool *ok)
{
    struct go_chan *c = rt_chan_of(k->chan);
    struct g *wake = NULL;
    bool done;

    rt_lock(&c->lock, RT_RANK_OBJECT);
    if (rt_unlikely(c->state == RT_CHAN_FREED ||
                    (c->state != RT_CHAN_OPEN && k->op == GO_CASE_SEND)))
        select_panic(c, g, k->site);
    if (k->op == GO_CASE_SEND)
        done = rt_chan_give_locked(c, k->value, g, k->site, &wake);
    else
        done = rt_chan_take_locked(c, k->value, g, k->site, ok, &wake);
    rt_unlock(&c->lock);
    if (wake)
        rt_ready(wake);
    return done;
}

static int by_address(const void *a, const void *b)
{
    struct go_chan *const *x = a, *const *y = b;

    return (*x > *y) - (*x < *y);
}

/* Puts the channels in order, each once. */
static void select_order(struct select *s)
{
    size_t i, j, n = 0;

    for (i = 0; i < s->n; i++) {
        struct go_chan *c = rt_chan_of(s->cases[i].chan);

        if (!c)
            continue;
        for (j = s->n <= FEW ? n : 0; j > 0 && s->order[j - 1] > c; j--)
            s->order[j] = s->order[j - 1];
        s->order[s->n <= FEW ? j : n] = c;
        n++;
    }
    if (s->n > FEW)
        qsort(s->order, n, sizeof(struct go_chan *), by_address);
    for (i = j = 0; i < n; i++)
        if (j == 0 || s->order[i] != s->order[j - 1])
            s->order[j++] = s->order[i];
    s->channels = j;
}

static void select_lock(struct select *s)
{
    size_t i;

    for (i = 0; i < s->channels; i++) {
        rt_assert(i == 0 || s->order[i - 1] < s->order[i], "out of order");
        rt_lock(&s->order[i]->lock, RT_RANK_OBJECT);
    }
}

/* What rt_park_release calls once our registers are saved. */
static void select_unlock(void *arg)
{
    struct select *s = arg;
    size_t i;

    for (i = s->channels; i-- > 0;)
        rt_unlock(&s->order[i]->lock);
}

/*
 * Twice the case to be queued first, and 1 if those before it follow, not those
 * behind. Of several that wait for one channel the first is served: given one,
 * that; else by chance, of two each as often, wherever they stand.
 */
static size_t select_turn(const struct g *g, int given, size_t n)
{
    if (given <= RT_POINT_PARK)
        return 2 * (size_t)(RT_POINT_PARK - given);
    return n && !rt_is_controlled(g) ? draw(2 * (uint32_t)n) : 0;
}

/* Queues a waiter on each channel; all are locked, none is ready. */
static void select_enqueue(struct select *s, struct g *g)
{
    size_t step = s->turn & 1 ? s->n - 1 : 1, i = s->turn / 2, left;

    __atomic_store_n(&g->select_done, 0, __ATOMIC_RELAXED);
    for (left = s->n; left > 0;
         left--, i = i + step < s->n ? i + step : i + step - s->n) {
        const struct go_case *k = &s->cases[i];
        struct go_chan *c = rt_chan_of(k->chan);
        struct waiter *w = &s->waiters[i];
        bool send = k->op == GO_CASE_SEND;

        rt_assert(k->op != GO_CASE_DEFAULT, "a select with a default parks");
        rt_waiter_init(w, g, c ? &c->obj : NULL, k->value,
                       send ? GO_WANT_RECV : GO_WANT_SEND, k->site);
        w->selects = true;
        if (c)
            rt_waitq_push(send ? &c->sendq : &c->recvq, w);
    }
}

/* The order of the channels follows the waiters, on the stack and off it. */
uintptr_t rt_select_own_end(const struct waiter *w, uint32_t n)
{
    _Static_assert(offsetof(struct select, few_order) ==
                       offsetof(struct select, few_waiters) +
                           sizeof(((struct select *)0)->few_waiters),
                   "the order follows");
    uint32_t room = n > FEW ? n : FEW;

    rt_assert(w->selects, "not the waiters of a select");
    return (uintptr_t)(w + room) + room * sizeof(struct go_chan *);
}

/* Takes out the waiters of the cases that were not served. */
static void select_dequeue(struct select *s)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        struct go_chan *c = rt_chan_of(s->cases[i].chan);

        if (!c)
            continue;
        rt_lock(&c->lock, RT_RANK_OBJECT);
        rt_waitq_remove(&s->waiters[i]);
        rt_unlock(&c->lock);
        rt_assert(!s->waiters[i].queue, "W1: taken out, and still in a queue");
    }
}

/*
 * Parks until a case was served: its waiter. NULL: one is ready now, nothing
 * was done. The order of the channels is set.
 */
static struct waiter *select_park(struct select *s, struct g *g)
{
    select_lock(s);
    if (s->channels && select_pick(s->cases, s->n) != NOWHERE) {
        select_unlock(s);
        return NULL;
    }
    select_enqueue(s, g);
    rt_park_release(select_unlock, s,
                    s->n ? GO_WAIT_SELECT : GO_WAIT_SELECT_EMPTY, s->waiters,
                    (uint32_t)s->n, s->site);
    select_dequeue(s);
    rt_check(g->woken_by >= s->waiters && g->woken_by < s->waiters + s->n,
             "S1: a select was woken by none of its cases");
    return g->woken_by;
}

/*
 * Nothing looked ready: parks, or finds that something is. Returns the place
 * of the case served, its ok in *ok; NOWHERE: look again.
 */
static __attribute__((noinline)) int
select_wait(struct g *g, struct go_case *cases, size_t n, size_t turn,
            const struct go_site *site, bool *ok)
{
    struct select s;
    struct waiter *w;
    int i = NOWHERE;
    void *memory = NULL;

    rt_must_park(g, NULL);
    s.cases = cases;
    s.n = n;
    s.site = site;
    s.turn = turn;
    s.waiters = s.few_waiters;
    s.order = s.few_order;
    if (n > FEW) {
        rt_leave(g);
        memory = malloc(n * (sizeof(struct waiter) + sizeof(struct go_chan *)));
        if (!memory) {
            rt_refused("no memory for a select");
            go_panic_at(site, "select: out of memory");
        }
        s.waiters = memory;
        s.order = (struct go_chan **)(s.waiters + n);
        select_order(&s);
        g = rt_enter();
    } else if (rt_load(rt_solo)) {
        s.channels = 0; /* no locks, and nobody came since we looked */
    } else {
        select_order(&s);
    }
    rt_assert(s.channels <= n, "more channels than cases");
    w = select_park(&s, g);
    if (w) {
        i = (int)(w - s.waiters);
        *ok = w->success;
    }
    if (memory) {
        rt_leave(g);
        free(memory);
        rt_check(rt_enter() == g, "a select comes back as somebody else");
    }
    return i;
}

/* select_try, out of line: that of select itself is in line. */
static bool try_one(struct g *g, const struct go_case *k, bool *ok)
{
    return select_try(g, k, ok);
}

/* None was ready, and i is the default: perhaps one is now. */
static __attribute__((noinline)) int
select_missed(struct g *g, struct go_case *cases, size_t n, int i,
              const struct go_site *site, bool *ok)
{
    int now;

    if (!rt_missed(g, site))
        return i;
    now = select_pick(cases, n);
    return now != i && try_one(g, &cases[now], ok) ? now : i;
}

/* At the begin of a line: by what stood before it, it took a sixth longer. */
__attribute__((aligned(RT_LINE))) int
go_select_at(struct go_case *cases, size_t n, const struct go_site *site)
{
    struct g *g = rt_enter();
    bool ok = false;
    int i, given = RT_POINT_ANY;

    if (rt_is_controlled(g))
        given = rt_meet_select(g, cases, n, site);
    for (;;) {
        int now = given;

        given = RT_POINT_ANY;
        i = now == RT_POINT_ANY    ? select_pick(cases, n)
            : now <= RT_POINT_PARK ? NOWHERE
                                   : now;
        if (i == NOWHERE) {
            i = select_wait(g, cases, n, select_turn(g, now, n), site, &ok);
            if (i == NOWHERE)
                continue;
            if (cases[i].op == GO_CASE_SEND && !ok) {
                rt_leave(g);
                go_panic_at(cases[i].site, "send on closed channel");
            }
            break;
        }
        if (cases[i].op == GO_CASE_DEFAULT) {
            i = select_missed(g, cases, n, i, site, &ok);
            break;
        }
        if (select_try(g, &cases[i], &ok))
            break;
    }
    rt_leave(g);
    if (cases[i].ok)
        *cases[i].ok = ok;
    return i;
}

/* A select of one case, or by default none. */
static bool try_case(const struct go_case *k, enum go_op op, bool *ok)
{
    struct g *g;
    bool done;

    if (!k->chan)
        return false;
    g = rt_enter();
    rt_meet(g, op, k->chan, true, k->site);
    done = try_one(g, k, ok) || (rt_missed(g, k->site) && try_one(g, k, ok));
    rt_leave(g);
    return done;
}

bool go_chan_try_send_at(struct go_chan *handle, const void *v,
                         const struct go_site *site)
{
    const struct go_case k = {.op = GO_CASE_SEND,
                              .chan = handle,
                              .value = (void *)(uintptr_t)v,
                              .site = site};
    bool ok;

    return try_case(&k, GO_OP_TRYSEND, &ok);
}

int go_chan_try_recv_at(struct go_chan *handle, void *out,
                        const struct go_site *site)
{
    const struct go_case k = {
        .op = GO_CASE_RECV, .chan = handle, .value = out, .site = site};
    bool ok;

    if (!try_case(&k, GO_OP_TRYRECV, &ok))
        return 0;
    return ok ? 1 : -EPIPE;
}

int(go_select_cases)(struct go_case *cases, size_t n)
{
    return go_select_at(cases, n, RT_HERE());
}

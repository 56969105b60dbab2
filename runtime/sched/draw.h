/*
 * draw.h - a choice that is drawn where it is made (struct go_draw).
 *
 * In:  who stands somewhere. Out: who of them goes on, and a note of it; or
 * that the driver is to be asked, and then nothing was done.
 *
 * Method: a list is kept of who can go on, by task, and of who can not. Before
 * each choice the guards of all are read: mostly they say what they did. That is
 * a branch, so that a processor takes the list to be right, and goes on with it,
 * while it waits for what the goroutine before has written: to count anew takes
 * fewer instructions, and longer. A list of steps is not made.
 *
 * Before each but one word is asked: how far nothing else is to be (struct
 * rt_ctl_draws). What counts steps is brought up to date when somebody asks.
 *
 * What is drawn is what a driver would choose that draws so from the steps on
 * offer, whichever of the two it is. What is known is followed as far as it is
 * what stands there; the rest is for the driver to say.
 */
#ifndef RT_SCHED_DRAW_H
#define RT_SCHED_DRAW_H

#include "runtime/sched/controlled.h"
#include "runtime/sched/timer.h"

enum {
    RT_DRAW_SPINS_MAX = 1000, /* C5 */
};

/* What a loop that waits is made of, whichever way it goes on: C5. */
#define RT_DRAW_SPINS                                                          \
    (1ull << GO_OP_YIELD | 1ull << GO_OP_TRYLOCK | 1ull << GO_OP_TRYRLOCK |    \
     1ull << GO_OP_TRYACQUIRE | 1ull << GO_OP_LEN | 1ull << GO_OP_ERR |        \
     1ull << GO_OP_LOAD | 1ull << GO_OP_UPDATE | 1ull << GO_OP_LOCK |          \
     1ull << GO_OP_RLOCK | 1ull << GO_OP_UNLOCK | 1ull << GO_OP_ASK)

/* Of a driver that chooses all by itself. */
extern struct go_draw rt_draw_none;

/* Before anybody asks how much was done, or answers. */
static inline void rt_draw_count(void)
{
    struct rt_ctl_draws *w = &rt_ctl.draws;
    uint32_t n = *w->by->n, drawn = n - w->from;

    rt_ctl.taken += drawn;
    w->by->left -= drawn;
    rt_ctl.spins = w->last != w->from ? n - w->last : rt_ctl.spins + drawn;
    w->from = w->last = n;
}

/* Choices were noted that were not drawn. */
static inline void rt_draw_skip(void)
{
    rt_ctl.draws.from = rt_ctl.draws.last = *rt_ctl.draws.by->n;
}

/*
 * All being counted: from here on, up to where more is to be asked for, which is
 * the driver (or there is no more that is known), a look, or what spins bring.
 */
static inline void rt_draw_open(void)
{
    struct rt_ctl_draws *w = &rt_ctl.draws;
    uint64_t looked = rt_ctl.looks.steps, most = w->by->left, until;

    if (!most)
        return; /* it is not beyond where it is */
    if (rt_ctl.spins + most > RT_DRAW_SPINS_MAX)
        most = RT_DRAW_SPINS_MAX - rt_ctl.spins;
    if (rt_ctl.taken + most > looked)
        most = looked > rt_ctl.taken ? looked - rt_ctl.taken : 0;
    until = w->from + most;
    if (w->by->known && until > w->by->nknown)
        until = w->by->nknown;
    rt_store(w->until, (uint32_t)until);
    if (rt_unlikely(rt_load(rt_timers_armed)))
        rt_store(w->until, 0); /* by a thread, perhaps just now */
}

/* Whether who stands somewhere is whom the list has, and can go on or not as it
   says. */
static inline bool rt_draw_fits(const struct rt_ctl_list *l)
{
    rt_guard any = 0;

    if (rt_unlikely(l->stale))
        return false;
    for (uint64_t i = 0; i < l->nable; i++)
        any |= *l->able[i]->guard;
    for (uint64_t i = 0; i < l->nshut; i++)
        any |= *l->shut[i]->guard == 0;
    return !any;
}

/* Makes it anew. */
void rt_draw_list(struct rt_ctl_list *l);

/* Who can go on, of those that stand somewhere; how many. */
static inline uint64_t rt_draw_from(struct rt_ctl_list *l)
{
    if (rt_unlikely(!rt_draw_fits(l)))
        rt_draw_list(l);
    return l->nable;
}

/* Choice n; noted before it is done. */
static inline void rt_draw_note(struct go_draw *d, uint32_t n, uint32_t k,
                                uint32_t op)
{
    uint64_t bit = 1ull << op;

    d->choice[n] = k;
    d->done |= bit;
    rt_ctl.draws.last = RT_DRAW_SPINS & bit ? rt_ctl.draws.last : n + 1;
    __atomic_store_n(d->n, n + 1, __ATOMIC_RELEASE);
}

/* Which of so many choice i is; able: none, or not by a number. */
static inline uint32_t rt_draw_known(const struct go_draw *d, uint32_t i,
                                     uint32_t able)
{
    const struct go_known *as = &d->known[i];
    const struct rt_point *p;

    if (as->n != able)
        return able;
    p = rt_ctl.list.able[as->k];
    return p->at.task == as->task && p->at.op == as->op &&
                   p->at.object == as->object
               ? as->k
               : able;
}

/* The number that comes after state is made. */
static inline void rt_draw_make(struct rt_ctl_ahead *a, uint64_t state)
{
    a->from = a->to = state;
    a->number = go_draw_next(&a->to);
}

/* go_draw_below. The next number is made here: to make one takes as long as half
   a choice, and nobody waits for it. */
static inline uint32_t rt_draw_below(uint64_t *state, uint32_t n)
{
    struct rt_ctl_ahead *a = &rt_ctl.draws.ahead;
    uint32_t k;

    if (rt_unlikely(a->from != *state)) /* others draw, too */
        rt_draw_make(a, *state);
    k = go_draw_scale(a->number, n);
    *state = a->to;
    rt_draw_make(a, *state);
    return k;
}

/* Whose step it is; NULL: more is to be asked for. */
static inline __attribute__((always_inline)) struct rt_point *rt_draw(void)
{
    struct go_draw *d = rt_ctl.draws.by;
    struct rt_point *p;
    uint64_t able, state = 0;
    uint32_t n = *d->n, k = 0;

    if (rt_unlikely(n >= rt_load(rt_ctl.draws.until)))
        return NULL;
    able = rt_draw_from(&rt_ctl.list);
    if (rt_unlikely(!able))
        return NULL;
    if (rt_unlikely(d->known)) {
        k = rt_draw_known(d, n, (uint32_t)able);
        if (k == able)
            return NULL;
    } else {
        state = *d->state;
        if (rt_likely(able > 1))
            k = rt_draw_below(&state, (uint32_t)able);
    }
    p = rt_ctl.list.able[k];
    if (rt_unlikely(!(d->ops >> p->at.op & 1)))
        return NULL;
    if (rt_likely(!d->known))
        *d->state = state;
    rt_draw_note(d, n, k, p->at.op);
    return p;
}

#endif

/*
 * draw.h - a choice that is drawn where it is made (struct go_draw).
 *
 * In:  who stands somewhere. Out: who of them goes on, and a note of it; or
 * that the driver is to be asked, and then nothing was done.
 *
 * Method: the guards of all that stand somewhere are read, by task, and who can
 * go on is added to a list: a number decides how long it is, and no branch, for
 * none could be predicted. A list of steps is not made.
 *
 * What is drawn is what a driver would choose that draws so from the steps on
 * offer, whichever of the two it is. What is known is followed as far as it is
 * what stands there; the rest is for the driver to say.
 */
#ifndef RT_SCHED_DRAW_H
#define RT_SCHED_DRAW_H

#include "runtime/sched/controlled.h"
#include "runtime/sched/timer.h"

/* What a loop that waits is made of, whichever way it goes on: C5. */
#define RT_DRAW_SPINS                                                          \
    (1ull << GO_OP_YIELD | 1ull << GO_OP_TRYLOCK | 1ull << GO_OP_TRYRLOCK |    \
     1ull << GO_OP_TRYACQUIRE | 1ull << GO_OP_LEN | 1ull << GO_OP_ERR |        \
     1ull << GO_OP_LOAD | 1ull << GO_OP_UPDATE | 1ull << GO_OP_LOCK |          \
     1ull << GO_OP_RLOCK | 1ull << GO_OP_UNLOCK)

static inline uint32_t rt_draw_spins(const struct rt_point *p)
{
    return RT_DRAW_SPINS >> p->at.op & 1 ? rt_ctl.spins + 1 : 0;
}

/* Who can go on, of those that stand somewhere; how many. */
static inline uint64_t rt_draw_from(struct rt_point **able)
{
    uint64_t n = 0;

    for (uint64_t bits = rt_ctl.standing[0]; bits; bits &= bits - 1) {
        struct rt_point *p = rt_ctl.at[rt_cpu_lowest(bits)];

        able[n] = p;
        n += *p->guard == 0;
    }
    return n;
}

/* Noted before it is done. */
static inline void rt_draw_note(struct go_draw *d, uint32_t k, uint64_t op)
{
    uint32_t n = *d->n;

    d->choice[n] = k;
    d->left--;
    d->done |= op;
    __atomic_store_n(d->n, n + 1, __ATOMIC_RELEASE);
}

/* Which of n it is; n: none, or not by a number. */
static inline uint32_t rt_draw_known(const struct go_draw *d, uint32_t n)
{
    const struct go_known *as = &d->known[*d->n];
    const struct rt_point *p;

    if (*d->n >= d->nknown || as->n != n)
        return n;
    p = rt_ctl.able[as->k];
    return p->at.task == as->task && p->at.object == as->object ? as->k : n;
}

/* Whose step it is; NULL: the driver is to be asked. */
static inline __attribute__((always_inline)) struct rt_point *rt_draw(void)
{
    struct go_draw *d = rt_ctl.by->draw;
    struct rt_point *p;
    uint64_t n, op, state = 0;
    uint32_t k = 0;

    if (rt_unlikely(rt_ctl.closely | rt_load(rt_timers_armed)) ||
        rt_unlikely(!d->left || rt_ctl.taken >= rt_ctl.looks.steps))
        return NULL;
    n = rt_draw_from(rt_ctl.able);
    if (rt_unlikely(!n))
        return NULL;
    if (d->known) {
        k = rt_draw_known(d, (uint32_t)n);
        if (k == n)
            return NULL;
    } else {
        state = *d->state;
        if (n > 1)
            k = go_draw_below(&state, (uint32_t)n);
    }
    p = rt_ctl.able[k];
    op = 1ull << p->at.op;
    if (rt_unlikely(!(d->ops & op)))
        return NULL;
    if (!d->known)
        *d->state = state;
    rt_draw_note(d, k, op);
    return p;
}

#endif

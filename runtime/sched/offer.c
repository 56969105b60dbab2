/*
 * offer.c - what can be done now, as a list for the driver.
 *
 * In:  who stands somewhere. Out: steps: of each whose guard is 0 the one there
 * is, and of who has an offer all that it says, by task; the clock's is last.
 *
 * Method: as C6 of control.c has it, what a list was made from is kept, and
 * while that is the same the list is. So is that of draw.h, which has no steps.
 */
#include "runtime/sched/draw.h"
#include "runtime/sched/state.h"

#define HELD_UP_MOST GO_HOUR

const rt_guard rt_ask = 1;

static inline void offer(const struct rt_point *p, int32_t which,
                         uint32_t partner, int32_t partner_which)
{
    if (rt_unlikely(rt_ctl.n >= RT_CTL_STEPS)) {
        rt_ctl.bound = true;
        return;
    }
    rt_ctl.steps[rt_ctl.n++] =
        (struct go_step){p ? &p->at : NULL, which, partner, partner_which};
}

void rt_offer(const struct rt_point *p, int32_t which, uint32_t wakes)
{
    offer(p, which, wakes, -1);
}

void rt_offer_meet(const struct rt_point *p, int32_t which,
                   const struct rt_point *q, int32_t q_which)
{
    offer(p, which, q->at.task, q_which);
}

/* Of who stands there, all that asks to be asked. */
static __attribute__((noinline)) struct go_step *
offer_one(const struct rt_point *p, struct go_step *to)
{
    rt_ctl.n = (uint32_t)(to - rt_ctl.steps);
    p->offer(p);
    return rt_ctl.steps + rt_ctl.n;
}

/* Whether who stands there can go on, of each in line. */
static inline uint64_t look_at_guards(void)
{
    uint64_t open = 0;

    for (uint32_t i = 0; i < rt_ctl.nline; i++)
        open = open << 1 | (*rt_ctl.line[i]->guard == 0);
    return open;
}

/* It gets in line; false: it is not that simple. */
static inline bool join_line(struct rt_point *p, bool is_open)
{
    rt_ctl.line[rt_ctl.nline % RT_CTL_BITS] = p;
    rt_ctl.open = rt_ctl.open << 1 | is_open;
    return ++rt_ctl.nline <= RT_CTL_BITS && p->guard != &rt_ask;
}

/* All of them that stand within a word's tasks; the end of the steps. */
static inline struct go_step *offer_word(uint32_t word, struct go_step *to)
{
    struct rt_point *const *at = &rt_ctl.at[word * RT_CTL_BITS];

    for (uint64_t bits = rt_ctl.standing[word]; bits; bits &= bits - 1) {
        struct rt_point *p = at[__builtin_ctzll(bits)];
        bool is_open = *p->guard == 0;

        if (rt_unlikely(!join_line(p, is_open)))
            rt_ctl.afresh = true;
        if (is_open)
            *to++ = (struct go_step){&p->at, RT_POINT_ANY, GO_NOWHERE, -1};
        else if (rt_unlikely(p->guard == &rt_ask))
            to = offer_one(p, to);
    }
    return to;
}

bool rt_ctl_is_near(int64_t instant)
{
    return instant != INT64_MAX && instant - rt_now() <= HELD_UP_MOST;
}

void rt_ctl_offer_anew(void)
{
    struct go_step *to = rt_ctl.steps;

    if (rt_unlikely(rt_ctl.away))
        rt_ctl_see_away();
    rt_ctl.afresh = rt_ctl.away;
    rt_ctl.nline = 0;
    rt_ctl.open = 0;
    for (uint32_t word = 0; word < rt_ctl.words; word++)
        to = offer_word(word, to);
    rt_ctl.n = (uint32_t)(to - rt_ctl.steps);
    if (rt_unlikely(rt_timers_armed && rt_ctl.early) && rt_ctl.n &&
        rt_ctl_is_near(rt_ctl_next())) {
        offer(NULL, RT_POINT_ANY, GO_NOWHERE, -1);
        rt_ctl.afresh = true;
    }
}

bool rt_ctl_offered(void)
{
    return !rt_ctl.afresh && !(rt_timers_armed && rt_ctl.early) &&
           look_at_guards() == rt_ctl.open;
}

/* By a number, and no branch: who can go on where the list was wrong none could
   predict. */
void rt_draw_list(struct rt_ctl_list *l)
{
    uint64_t n = 0, able = 0;

    for (uint64_t bits = rt_ctl.standing[0]; bits; bits &= bits - 1, n++) {
        struct rt_point *p = rt_ctl.at[rt_cpu_lowest(bits)];

        l->able[able] = l->shut[n - able] = p;
        able += *p->guard == 0;
    }
    l->nable = able;
    l->nshut = n - able;
    l->stale = false;
}

void rt_ctl_offer(void)
{
    rt_ctl_settle();
    rt_store(rt_ctl.moment, rt_ctl.moment + 1);
    rt_ctl_offer_anew();
}

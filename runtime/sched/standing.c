/*
 * standing.c - who stands where, and what else drivers ask of an execution.
 *
 * In:  the execution as it is between two steps. Out: points, by task; who is
 * parked; what a driver has said of it, for the reports.
 */
#include "runtime/sched/controlled.h"
#include "runtime/sched/timer.h"

uint64_t go_control_moment(void)
{
    const uint32_t *n = rt_load(rt_ctl.draws.n);

    return rt_load(rt_ctl.moment) << 32 | (n ? rt_load(*n) : 0);
}

uint64_t rt_point_moment(void)
{
    return rt_ctl.moment;
}

bool rt_point_any_arrived(void)
{
    return rt_ctl.advances > 0;
}

const struct rt_point *rt_point_next(uint32_t *i)
{
    uint32_t word = *i / RT_CTL_BITS;
    uint64_t bits;

    rt_ctl_settle();
    if (word >= rt_ctl.words)
        return NULL;
    bits = rt_ctl.standing[word] >> (*i % RT_CTL_BITS);
    if (!bits) {
        do
            if (++word >= rt_ctl.words)
                return NULL;
        while (!(bits = rt_ctl.standing[word]));
        *i = word * RT_CTL_BITS;
    }
    *i += (uint32_t)__builtin_ctzll(bits);
    return rt_ctl.at[(*i)++];
}

const struct go_point *go_control_point(uint32_t task)
{
    rt_ctl_settle();
    return task < rt_task_count() && rt_ctl.at[task] ? &rt_ctl.at[task]->at
                                                     : NULL;
}

uint32_t go_control_more(void)
{
    return rt_ctl.more;
}

bool go_control_may_hurry(void)
{
    return rt_ctl.early && rt_ctl_is_near(rt_timer_next());
}

uint32_t go_control_next(uint32_t task)
{
    const struct rt_point *p = rt_point_next(&task);

    return p ? p->at.task : GO_NOWHERE;
}

/* What led into a wait that is no point. */
static enum go_op op_of(enum go_wait_reason reason)
{
    return reason == GO_WAIT_COND      ? GO_OP_COND_WAIT
           : reason == GO_WAIT_BARRIER ? GO_OP_BARRIER
           : reason == GO_WAIT_IO      ? GO_OP_IO
                                       : GO_OP_NONE;
}

uint32_t go_control_parked(uint32_t task, struct go_point *to)
{
    rt_ctl_settle();
    for (; task < rt_task_count(); task++) {
        const struct rt_ctl_task *t = &rt_ctl.tasks[task];

        if (!t->lives || rt_ctl.at[task] || t->g->daemon)
            continue;
        *to = (struct go_point){.task = task,
                                .op = (uint16_t)op_of(t->g->wait.reason),
                                .object =
                                    t->g->wait.n ? t->g->wait.w[0].obj : NULL,
                                .site = t->g->last,
                                .goroutine = t->g->id};
        return task;
    }
    return GO_NOWHERE;
}

bool go_control_goes_on(uint32_t task)
{
    const struct g *g = rt_ctl.tasks[task].g;

    rt_ctl_settle();
    if (g->daemon || !rt_ctl_looked())
        return g->daemon;
    return rt_ctl.proven ? !g->proven : rt_ctl.at[task] && !rt_point_blocked(g);
}

void go_control_still(bool still)
{
    rt_ctl.still = still;
}

bool rt_point_is_still(void)
{
    return rt_ctl.still;
}

void go_control_livelock(const char *how, uint64_t deeds, const uint32_t *tasks,
                         uint32_t n)
{
    rt_check(n > 0 && n <= GO_LIVELOCK_MAX, "a livelock of nobody");
    rt_ctl.livelock.how = how;
    rt_ctl.livelock.deeds = deeds;
    rt_ctl.livelock.n = n;
    for (uint32_t i = 0; i < n; i++)
        rt_ctl.livelock.goroutines[i] = rt_ctl.tasks[tasks[i]].g->id;
}

const struct rt_livelock *rt_control_livelock(void)
{
    return rt_ctl.livelock.how ? &rt_ctl.livelock : NULL;
}

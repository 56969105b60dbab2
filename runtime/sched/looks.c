/*
 * looks.c - when an execution that goes on and on is looked at.
 *
 * In:  controlled executions. Out: those whose end is proven, although others
 * in them go on: a ticker, a loop that polls, a daemon.
 *
 * Method: an execution ends when nothing can be done; where something always
 * can, it would be cut off, and what is stuck beside it never seen. So at some
 * moments the monitor takes a look, as it does in an ordinary run, and if that
 * proves that main can never run again, or after its return that nobody can but
 * daemons, there is no more to wait for. Where main goes on, others that are
 * stuck are a leak: told when the execution is cut off, for until then main may
 * come to an end that tells more. Who stands at an operation that can not be
 * done now waits for it, to a look.
 *
 * L1  The moments follow from the steps and from the clock of the execution, so
 *     a replay comes to the same: after so many of them, and each time twice as
 *     many. The last one is where the execution is cut off in any case.
 * L2  Between two moments main has not moved, or no look is taken: most long
 *     executions are just long.
 * L3  Nor where looks in vain have taken more than their part of the time; but
 *     the last look of an execution is always taken. So a search may come later
 *     to what a replay sees at once; it sees it all the same, for who is stuck
 *     stays so. Who wants to know where a replay ends looks always.
 * L4  Who meets another has a step, though it is the other's: a rendezvous is
 *     its sender's. Nor is it known who may end a wait for a lock that is not
 *     ours, where others than goroutines use these.
 * L5  At the first rest of an execution in which threads of the program's own
 *     might go on with it: what they can not help is proven, before they are
 *     waited for.
 * L6  What is cut off while main waits for a daemon that goes on may be no more
 *     than long. Where main has done nothing for half of it, that is told.
 * L7  When main has returned and nobody is left but daemons, who go on, from one
 *     moment to the next, it is over.
 * L8  When it is over by itself and some are left, who may be stuck or only wait
 *     for a time, a look would tell; the driver says whether it is worth it.
 *     Not where main's return has cut them off wherever they were.
 * L9  Likewise at each rest beside what comes from outside (a descriptor, a call
 *     in go_blocking), if anybody has run since the one before: it may never
 *     come, and whom it can not help waits in vain. Within L3; or when the rest
 *     has lasted so long that a look at it takes no time to speak of.
 * L10 Where nothing comes and the execution is cut off for it (silence.c), the
 *     last look is taken, and of others than main it proves a leak. A single
 *     execution ends there only if its driver says so: else it waits on.
 */
#include <string.h>

#include "runtime/sched/controlled.h"
#include "runtime/sched/elsewhere.h"
#include "runtime/sched/state.h"

enum {
    STEPS_FIRST = 512,
    ADVANCES_FIRST = 16,
    COST = 4096, /* steps that a look takes the time of */
    PART = 8,    /* of the steps: so much may looks in vain cost */
    FREE = 64,   /* looks that need not be earned */
};
#define REST (10 * GO_MILLISECOND) /* real time that earns one: L9 */

void rt_ctl_looks_begin(void)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;

    l->steps = rt_ctl.by->steps < STEPS_FIRST ? rt_ctl.by->steps : STEPS_FIRST;
    l->advances = ADVANCES_FIRST;
    l->last = l->judged = l->leak = l->rested = l->at_rest = false;
    l->beside = l->silent = false;
    l->stuck = l->waits = l->daemons = l->enough = false;
    l->asked = l->at_end = false;
    l->main_since = 0;
}

bool rt_ctl_looks_due(void)
{
    rt_ctl.look |= !rt_ctl.grace.on &&
                   rt_ctl.advances >= rt_ctl.looks.advances &&
                   rt_ctl_next() != INT64_MAX;
    return rt_ctl.look;
}

bool rt_ctl_looks_at_rest(void)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;

    if (l->rested || !rt_elsewhere_may_help())
        return false;
    l->rested = l->at_rest = rt_ctl.look = true;
    return true;
}

/* L3 */
static bool is_worth_it(void)
{
    const struct rt_ctl_looks *l = &rt_ctl.looks;

    return !rt_ctl.loops || rt_ctl.by->look_always ||
           l->vain <= FREE + (l->before + rt_ctl.taken) / (PART * COST);
}

/* L9 */
void rt_ctl_looks_beside(int64_t ns)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;
    uint64_t ran = rt_switches();

    if (l->ran == ran || (ns < REST && !is_worth_it()))
        return;
    l->ran = ran;
    l->beside = ns < REST;
    l->at_rest = rt_ctl.look = true;
}

/* L10 */
void rt_ctl_looks_in_silence(void)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;

    l->silent = l->at_rest = rt_ctl.look = true;
}

/* L8. */
bool rt_ctl_looks_at_end(const struct go_execution *e)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;
    bool rests = !rt_ctl.cut || rt_ctl.grace.on;

    if (l->asked || l->stuck || e->end != GO_END_LEFT || !rests ||
        !rt_ctl.by->unsure)
        return false;
    l->asked = true;
    l->at_end = rt_ctl.look = rt_ctl.by->unsure(rt_ctl.by->arg, e);
    rt_ctl.cut &= !l->at_end; /* who is ready by now goes on to a rest first */
    return l->at_end;
}

bool rt_control_looks(void)
{
    return rt_load(rt_controlled) && rt_ctl.look;
}

static bool is_last(void)
{
    return rt_ctl.bound || rt_ctl.taken >= rt_ctl.by->steps ||
           rt_ctl.advances >= rt_ctl.by->steps;
}

/* How far it is, in steps and advances of the clock. */
static uint64_t now(void)
{
    return rt_ctl.taken + rt_ctl.advances;
}

/* L2. After its return: the same of who is left. */
static bool main_rests(void)
{
    struct g *g = rt_ctl.tasks[0].g;
    bool moved = g->moved;

    if (!rt_ctl.tasks[0].lives)
        return rt_ctl_is_left();
    g->moved = false;
    if (moved)
        rt_ctl.looks.main_since = now();
    return !moved;
}

/* L7. */
static bool only_daemons(void)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;
    bool before = l->daemons;

    l->daemons = rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited) &&
                 !rt_ctl_is_left();
    l->enough = l->daemons && (before || is_last());
    rt_ctl.cut |= l->enough;
    return l->daemons;
}

static bool is_in_time(void)
{
    return !rt_ctl.by->look_late && is_worth_it();
}

static void able(uint32_t task)
{
    if (task != GO_NOWHERE)
        rt_ctl.looks.able[task / RT_CTL_BITS] |= 1ull << (task % RT_CTL_BITS);
}

/* L4: who has a step now, for rt_point_blocked. False: that are too many. */
static bool judge(void)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;
    bool bound = rt_ctl.bound;

    memset(l->able, 0, rt_ctl.words * sizeof(*l->able));
    rt_ctl.bound = false;
    rt_ctl_offer();
    l->judged = !rt_ctl.bound;
    rt_ctl.bound |= bound;
    for (uint32_t i = 0; i < rt_ctl.n; i++) {
        if (rt_ctl.steps[i].point)
            able(rt_ctl.steps[i].point->task);
        able(rt_ctl.steps[i].partner);
    }
    return l->judged;
}

void rt_control_rests(void)
{
    if (rt_control_executes() && !rt_ctl.proven)
        judge();
}

void rt_control_shown(bool shown)
{
    if (!rt_control_executes() || rt_ctl.proven)
        return;
    if (shown)
        judge();
    else
        rt_ctl.looks.judged = false;
}

void rt_ctl_looks_end(bool looked)
{
    if (looked && !rt_ctl.proven)
        judge();
    rt_ctl.looks.before += rt_ctl.taken;
}

const struct rt_point *rt_point_blocked(const struct g *g)
{
    const struct rt_ctl_looks *l = &rt_ctl.looks;
    const struct rt_point *p;

    if (!rt_load(rt_controlled) || !l->judged || g->task == GO_NOWHERE)
        return NULL;
    p = rt_ctl.at[g->task];
    if (!p || p->g != g || rt_elsewhere_is(p) ||
        l->able[g->task / RT_CTL_BITS] >> (g->task % RT_CTL_BITS) & 1)
        return NULL;
    return p;
}

/* A livelock tells more than who is stuck beside it. */
static bool proves(void)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;
    bool ended = rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited);
    enum rt_proof proof;

    if (!judge())
        return false;
    proof = rt_s.config.hooks->proves(ended);
    l->stuck |= proof == RT_PROOF_END || proof == RT_PROOF_LEAK;
    l->leak =
        proof == RT_PROOF_LEAK && l->last && !ended && !rt_ctl.livelock.how;
    l->waits = proof == RT_PROOF_WAITS && l->last &&
               2 * l->main_since <= now(); /* L6 */
    return l->leak || proof == RT_PROOF_END;
}

/* The next moment; or there is none. */
static void go_on(void)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;

    rt_ctl.bound |= l->last && !rt_ctl_grace_begin(true);
    while (l->steps <= rt_ctl.taken)
        l->steps *= 2;
    if (l->steps > rt_ctl.by->steps)
        l->steps = rt_ctl.by->steps;
    while (l->advances <= rt_ctl.advances)
        l->advances *= 2;
    if (l->advances > rt_ctl.by->steps)
        l->advances = (uint32_t)rt_ctl.by->steps;
}

bool rt_control_leaks(void)
{
    return rt_load(rt_controlled) && rt_ctl.looks.leak;
}

bool rt_control_silent(void)
{
    return rt_load(rt_controlled) && rt_ctl.silence.over && !rt_ctl.proven;
}

/* The run is over by what a look has shown, or for want of what comes: L10. */
static bool ends_run(void)
{
    return !rt_ctl.loops &&
           (rt_ctl.proven || (rt_ctl.looks.silent && rt_ctl.by->ends_silent));
}

bool rt_control_look(void)
{
    struct rt_ctl_looks *l = &rt_ctl.looks;
    bool ends;

    rt_ctl.look = false;
    if (l->at_end) { /* it ends as it does: L8 */
        proves();
        l->judged = l->at_end = false;
        return false;
    }
    l->last = l->silent || is_last();
    if (!l->at_rest && only_daemons()) {
        if (!rt_ctl.cut)
            go_on();
        return false;
    }
    if (l->at_rest || (main_rests() && is_in_time()) || l->last) {
        rt_ctl.proven = proves();
        l->vain += !rt_ctl.proven && (!l->at_rest || l->beside);
    }
    ends = ends_run();
    if (!rt_ctl.proven) {
        l->judged = ends; /* the run's last look is told of it, too */
        if (!l->at_rest)
            go_on();
        rt_ctl.bound |= l->silent && rt_ctl.loops;
    }
    l->at_rest = l->beside = l->silent = false;
    return ends;
}

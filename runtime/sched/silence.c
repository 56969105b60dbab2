/*
 * silence.c - nobody can go on but for what comes from outside, and nothing does.
 *
 * In:  a rest of a controlled run beside a descriptor that is waited for, or a
 * call in go_blocking. Out: it is looked at; or the execution is cut off, and
 * another one follows. And one that ends beside a call, which most times comes
 * back: it is waited for as long, or that end would be told only when the call
 * was the quicker one.
 *
 * Method: what is waited for may come yet, so that it has not for long proves
 * nothing, and an execution that is cut off for it has no end that is known.
 * How long is long is real time: the driver says, who knows of the executions
 * before. The last look is taken there, as where any is cut off: whom nothing
 * from outside can help is stuck (looks.c, L10).
 *
 * A single execution waits on, for its time-out or by the ordinary rules; but
 * what is proven where others are cut off ends it as well, or a replay would not
 * come to what was found. So does a driver that waits no longer (ends_silent): one
 * of many is only shown, and what all of them are is known.
 */
#include "runtime/sched/controlled.h"
#include "runtime/sched/state.h"

/* Nothing else can happen in this execution, and it is to go on. */
static bool is_rest(void)
{
    return rt_control_executes() && rt_ctl_waits_outside() &&
           !rt_ctl_is_ending() && !rt_ctl.hurry && !rt_ctl.due && !rt_ctl.look;
}

/* Nor will time do anything; and nobody is in a call, who could not be dropped.
   Who is left behind main's return has its own time (settled, quiesce.c). */
static bool is_for_good(void)
{
    bool returned = rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited);

    return !returned && !rt_load(rt_s.nblocking) && rt_ctl_next() == INT64_MAX;
}

/* So for ns. */
static bool is_long(int64_t ns)
{
    return rt_ctl.by->silent ? rt_ctl.by->silent(rt_ctl.by->arg, ns)
                             : ns >= GO_SILENCE * GO_SECOND;
}

/* For how long nobody has run, real ns. */
static int64_t lasts(void)
{
    struct rt_ctl_silence *s = &rt_ctl.silence;
    uint64_t ran = rt_switches();
    int64_t now = rt_monotonic();

    if (s->ran != ran)
        *s = (struct rt_ctl_silence){.ran = ran, .since = now};
    return now - s->since;
}

bool rt_control_lingers(void)
{
    return rt_control_ends() && rt_ctl.loops && rt_load(rt_s.nblocking) &&
           lasts() < GO_SILENCE * GO_SECOND;
}

void rt_control_silence(void)
{
    struct rt_ctl_silence *s = &rt_ctl.silence;
    int64_t ns;

    if (!is_rest())
        return;
    ns = lasts();
    rt_ctl_looks_beside(ns);
    if (rt_ctl.look || s->over || !is_for_good())
        return;
    s->over = is_long(s->begun ? ns : 0);
    s->begun = true;
    if (!s->over)
        return;
    if (rt_ctl.loops)
        rt_ctl.unasked |= GO_UNASKED_SILENCE;
    rt_ctl_looks_in_silence();
}

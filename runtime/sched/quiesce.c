/*
 * quiesce.c - nothing runs any more: wait, move the clock, or end the run.
 *
 * In:  a worker that found all processors idle and no work. Out: the virtual
 * clock's jump; the end of the run; or sleep until a timer or a descriptor.
 *
 * Method: under the world lock, with the processors frozen, so that no
 * foreign thread and no returning call changes anything meanwhile. The
 * monitor is asked first: it may see that all are asleep for ever. After
 * main's end the clock goes on only as long as it can help somebody other
 * than a daemon, and up to the settling time.
 *
 * Q1  The clock jumps only when nobody is runnable and nothing outside is
 *     waited for; so on the virtual clock time never passes anybody by.
 */
#include "runtime/base/cpu.h"
#include "runtime/sched/control.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/park.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/state.h"
#include "runtime/sched/timer.h"

enum {
    SETTLE_REAL_MS = 100
};

void rt_end_run(enum rt_end end)
{
    uint32_t none = 0;

    if (__atomic_compare_exchange_n(&rt_s.ended, &none, 1 + (uint32_t)end,
                                    false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        rt_futex_wake(&rt_s.ended, INT32_MAX);
}

void rt_end_stuck(void)
{
    rt_end_run(RT_END_STUCK);
    rt_world_unlock(); /* and stays frozen */
}

static bool helps(const struct rt_timer *t)
{
    if (t->kind == RT_TIMER_CHAN)
        return t->is_awaited(t);
    return t->kind == RT_TIMER_CALL || !t->g->daemon;
}

/* The earliest timer that helps anybody but daemons; INT64_MAX: none. Most
   times it is the first of the heap, and the rest need not be looked at. */
static int64_t next_helpful(void)
{
    uint32_t n;
    struct rt_timer *const *t = rt_timer_all(&n);
    int64_t first = INT64_MAX;

    if (n && helps(t[0]))
        return t[0]->when;
    for (uint32_t i = 1; i < n; i++)
        if (t[i]->when < first && helps(t[i]))
            first = t[i]->when;
    return first;
}

static bool outside_waits(void)
{
    return rt_netpoll_waiters() || rt_load(rt_s.nblocking);
}

/* When settling is over although something may still happen, real ns. */
static bool real_time_is_up(void)
{
    return rt_monotonic() - rt_load(rt_s.judged_from) >=
           SETTLE_REAL_MS * GO_MILLISECOND;
}

/* After main's end: whether the rest has come to rest. */
static bool settled(void)
{
    int64_t next;

    if (rt_s.config.settle_for < 0)
        return true;
    if (outside_waits())
        return real_time_is_up();
    next = next_helpful();
    if (!rt_s.config.clock_virtual)
        return next == INT64_MAX || real_time_is_up();
    return next == INT64_MAX ||
           next > rt_load(rt_s.main_ended_at) + rt_s.config.settle_for;
}

static void jump(int64_t to)
{
    rt_store(rt_s.virt, to);
    rt_store(rt_s.jumps, rt_s.jumps + 1);
    rt_store(rt_s.judged_from, rt_monotonic());
    rt_store(rt_s.switches_from, rt_switches());
}

static bool main_returned(void)
{
    return rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited);
}

/* The world is at rest; true: look for work at once. */
static bool decide(void)
{
    int64_t next = rt_timer_next();

    rt_control_silence();
    if (rt_control_looks()) {
        if (!rt_control_look())
            return true;
        rt_end_run(main_returned()       ? RT_END_RETURNED
                   : rt_control_leaks()  ? RT_END_LEAK
                   : rt_control_silent() ? RT_END_SILENT
                                         : RT_END_STUCK);
        return false;
    }
    if (rt_control_done() || rt_control_livelock()) {
        rt_end_run(rt_control_done() ? RT_END_RETURNED : RT_END_LIVELOCK);
        return false;
    }
    /* An execution is at rest only when its worker says so: here it was another
       who decided meanwhile, and whose wake-up found all frozen. */
    if (rt_control_executes() && !outside_waits())
        return true;
    if (rt_control_ends() || (main_returned() && settled())) {
        if (rt_control_settles())
            return true;
        if (rt_control_lingers())
            return false;
        rt_control_rests();
        rt_end_run(main_returned() ? RT_END_RETURNED : RT_END_STUCK);
        return false;
    }
    if (rt_s.config.hooks->quiescent(rt_s.main_ended, next)) {
        rt_end_run(main_returned() ? RT_END_RETURNED : RT_END_STUCK);
        return false;
    }
    if (rt_s.config.clock_virtual && !outside_waits() && next != INT64_MAX) {
        if (next > rt_now())
            jump(next);
        return true;
    }
    return next <= rt_now();
}

bool rt_quiescent(void)
{
    bool again = true;

    if (!rt_world_lock_unless_ended())
        return false;
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    if (rt_all_idle() && !rt_work_visible() &&
        !__atomic_load_n(&rt_s.ended, __ATOMIC_ACQUIRE) && !rt_s.frozen) {
        rt_store(rt_s.frozen, true);
        rt_unlock_always(&rt_s.lock);
        again = decide();
        if (__atomic_load_n(&rt_s.ended, __ATOMIC_ACQUIRE)) {
            rt_world_unlock(); /* and stays frozen: the run is over */
            return false;
        }
        rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
        rt_store(rt_s.frozen, false);
        __atomic_add_fetch(&rt_s.thaw, 1, __ATOMIC_RELEASE);
        rt_futex_wake(&rt_s.thaw, INT32_MAX);
    } else {
        again = false;
    }
    rt_unlock_always(&rt_s.lock);
    rt_world_unlock();
    return again;
}

/*
 * Ends the run from a goroutine: the world is stopped here and now, but the
 * end is told only when this worker has left the goroutine's stack for its
 * scheduler (worker.c), where rt_halt can wait for it.
 */
static void end_here(struct m *m, enum rt_end end)
{
    rt_world_stop(&rt_s.silent);
    m->ends = 1 + (uint32_t)end;
}

void rt_end_panicked(struct g *g, const char *message)
{
    struct m *m = rt_m();

    if (rt_load(rt_controlled) && !m->context && rt_control_panic(g, message)) {
        rt_check(rt_enter() == g, "a panic of another goroutine");
        rt_switch_away(g);
    }
    end_here(m, RT_END_PANIC);
    rt_s.panicked = g;
    rt_s.panic_message = message;
    if (!m->context)
        rt_switch_away(g); /* for good: its stack is shown as it stands */
    rt_end_run(RT_END_PANIC);
    rt_world_unlock();
    for (;;) /* in the handler of a fault: it can only be left behind */
        rt_futex_wait(&rt_s.ended, 1 + RT_END_PANIC, -1);
}

void rt_main_exit(struct g *g)
{
    rt_s.main_result = g->result;
    rt_store(rt_s.main_exited, g->exiting);
    rt_store(rt_s.main_ended_at, rt_now());
    if (!rt_control_loops()) { /* there real time decides nothing */
        rt_store(rt_s.judged_from, rt_monotonic());
        rt_store(rt_s.switches_from, rt_switches());
    }
    __atomic_store_n(&rt_s.main_ended, true, __ATOMIC_RELEASE);
    if (g->exiting || (rt_s.config.settle == GO_SETTLE_SCENARIO &&
                       rt_s.config.settle_for >= 0))
        return;
    /* A program ends with main: what others are doing is cut off here. */
    if (rt_load(rt_controlled) && rt_control_cut())
        return;
    end_here(rt_m(), RT_END_RETURNED);
    rt_store(rt_m()->in_rt, 0);
}

/*
 * tick.c - the clock, and the thread that keeps the tick while a run lasts.
 *
 * In:  real time. Out: rt_now, rt_tick; attention for workers that never pass
 * the scheduler; the virtual clock's flow; the monitor's tick; the end of a
 * scenario that does not come to rest.
 *
 * Method: the thread that called rt_run sleeps a millisecond at a time. Each
 * park reads its tick instead of the clock (22 ns, ten switches). What is queued
 * behind one that computes goes to where the others look. The virtual
 * clock flows with real time while something stays runnable for FLOW_AFTER.
 * The limits count the time that we could use (counted).
 */
#include <string.h>
#include <time.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

#include "runtime/sched/control.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/park.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/timer.h"

#define TICK        GO_MILLISECOND
#define TICK_IDLE   (5 * GO_MILLISECOND) /* while nothing runs */
#define FLOW_AFTER  (100 * GO_MILLISECOND)
#define SETTLE_REAL (100 * GO_MILLISECOND)
#define MANNED_IN   GO_SECOND /* a thread that is not to be had */
enum {
    SETTLE_SWITCHES = 100000,
    LOOK_AGAIN = 10, /* idle ticks */
#if defined(RT_ASAN) || defined(RT_TSAN)
    SLOWER = 10, /* that instrumented code is, about */
#else
    SLOWER = 1,
#endif
};

/* What the tick thread remembers from tick to tick; each run begins anew. */
static struct {
    int64_t cpu;     /* ns used by the process, counted */
    int64_t busy;    /* ns that something has been runnable, flow */
    uint64_t jumps;  /* of the clock, seen by flow */
    int64_t judged;  /* judged_from, seen by settle_by_force */
    int64_t settled; /* ns counted since then */
    int idle;        /* ticks, look_again */
    int64_t since;   /* monotonic ns, 0: it is not so; man */
} ticked;

int64_t rt_monotonic(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * GO_SECOND + t.tv_nsec;
}

int64_t rt_now(void)
{
    if (rt_s.config.clock_virtual)
        return rt_load(rt_s.virt);
    return rt_monotonic() - rt_s.start;
}

int64_t rt_tick(void)
{
    return rt_tick_now();
}

void rt_clock_flow(int64_t ns)
{
    __atomic_add_fetch(&rt_s.virt, ns, __ATOMIC_RELAXED);
    if (rt_timer_next() <= rt_load(rt_s.virt))
        __atomic_or_fetch(&rt_s.attention, RT_ATTEND, __ATOMIC_RELAXED);
}

struct rt_rest rt_rest_locked(void)
{
    rt_assert_held(&rt_s.lock);
    return (struct rt_rest){rt_monotonic(), rt_load(rt_s.jumps), rt_switches(),
                            rt_all_idle()};
}

/*
 * All are idle still; or all were, and nobody has run, for the end of a look
 * wakes somebody in any case: else looks would hold up the clock for good. Not
 * into a decision, nor on top of a jump that was over our time.
 */
void rt_rest_over_locked(const struct rt_rest *r)
{
    rt_assert_held(&rt_s.lock);
    if (!rt_s.config.clock_virtual || rt_s.frozen ||
        r->jumps != rt_load(rt_s.jumps))
        return;
    if (rt_all_idle() || (r->idle && r->switches == rt_switches()))
        rt_clock_flow(rt_monotonic() - r->begun);
}

/* Under both locks: no decision is made, and the queues are ours to move. */
static void share_locked(struct p *p)
{
    struct g *g;

    if (rt_s.frozen) /* then they are somebody else's */
        return;
    rt_runq_append(&rt_s.global, &p->q);
    if ((g = __atomic_exchange_n(&p->next, NULL, __ATOMIC_ACQ_REL)))
        rt_runq_push(&rt_s.global, g);
    for (uint32_t n = 1 + p->stalled / 8; n > 0 && rt_runq_len(&p->fresh); n--)
        rt_runq_push(&rt_s.global, rt_runq_pop_last(&p->fresh));
}

/*
 * What is queued behind one that computes, while nobody is idle, who would steal
 * it: those who only ever yield look at the global queue. Of the fresh ones only
 * the oldest, and one more each eighth tick: each begins a branch of a tree, and
 * its worker may just be off the processor (all at once, and a million leaves
 * took 43,000 stacks on two workers of a busy machine instead of 60). Under both
 * locks, for who decides that nothing is left to run looks under the second.
 * Where one is taken the next tick does it: who has it may be off the processor
 * for our sake, and to spin for him was most of what this thread took.
 */
static void share(struct p *p)
{
    if (!rt_trylock_always(&p->q.lock, RT_RANK_RUNQ))
        return;
    if (rt_trylock_always(&rt_s.lock, RT_RANK_SCHED)) {
        share_locked(p);
        rt_unlock_always(&rt_s.lock);
    }
    rt_unlock_always(&p->q.lock);
}

/*
 * What waits although its worker does not come to it: a goroutine in run-next
 * of one that computes, due timers, ready descriptors.
 */
static void attend(void)
{
    bool solo = rt_load(rt_s.procs) == 1, idle = rt_load(rt_s.nidle_p) > 0;
    bool wanted = rt_timer_next() <= rt_now() ||
                  (rt_netpoll_waiters() && !rt_load(rt_s.poller)) ||
                  rt_load(rt_s.mail_full);

    if (wanted)
        __atomic_or_fetch(&rt_s.attention, RT_ATTEND, __ATOMIC_RELAXED);
    for (int i = 0; i < rt_load(rt_s.procs); i++) {
        struct p *p = rt_p(i);
        uint32_t tick = rt_load(p->tick);

        p->stalled = p->seen_tick == tick ? p->stalled + 1 : 0;
        if (p->stalled && (rt_load(p->next) || rt_runq_len(&p->q) ||
                           rt_runq_len(&p->fresh))) {
            wanted = true;
            if (!idle && !solo)
                share(p);
        }
        p->seen_tick = tick;
    }
    rt_steal_see(rt_switches());
    if (wanted)
        rt_wake_worker();
}

/*
 * How much of the time that passed counts for the limits below. On a machine
 * that is short of processors real time goes on while none of ours runs, and
 * a checker makes all of it slow: neither is the program's doing, and must
 * not change what a scenario sees. What we did not compute counts for a
 * tenth only, not for nothing: a worker may be asleep in the kernel.
 */
static int64_t counted(int64_t passed)
{
    struct timespec t;
    int64_t now, cpu;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    now = t.tv_sec * GO_SECOND + t.tv_nsec;
    cpu = now - ticked.cpu;
    ticked.cpu = now;
    if (cpu > passed)
        cpu = passed;
    return (cpu + (passed - cpu) / 10) / (RUNNING_ON_VALGRIND ? 50 : SLOWER);
}

/* Something has been runnable all the time: time must not stand still. */
static void flow(int64_t passed, int64_t counts)
{
    if (rt_all_idle() || ticked.jumps != rt_load(rt_s.jumps))
        ticked.busy = 0;
    ticked.jumps = rt_load(rt_s.jumps);
    ticked.busy += counts;
    if (ticked.busy > FLOW_AFTER) {
        rt_store(rt_s.flowed, true);
        rt_clock_flow(passed);
    }
}

/* A scenario whose rest does not come to rest is judged all the same. */
static void settle_by_force(int64_t counts)
{
    int64_t judged_from = rt_load(rt_s.judged_from);

    ticked.settled = ticked.judged == judged_from ? ticked.settled + counts : 0;
    ticked.judged = judged_from;
    if (!__atomic_load_n(&rt_s.main_ended, __ATOMIC_ACQUIRE) ||
        rt_load(rt_s.main_exited) || rt_s.config.settle != GO_SETTLE_SCENARIO)
        return;
    if (ticked.settled < SETTLE_REAL &&
        rt_switches() - rt_load(rt_s.switches_from) < SETTLE_SWITCHES &&
        rt_s.config.settle_for >= 0)
        return;
    rt_world_stop(&rt_s.silent);
    rt_end_run(RT_END_RETURNED);
    rt_world_unlock();
}

/*
 * All idle, and no worker will look again by itself: yet a thread of the
 * program that could have helped may have ended meanwhile.
 */
static void look_again(bool idle)
{
    ticked.idle = idle ? ticked.idle + 1 : 0;
    if (ticked.idle < LOOK_AGAIN)
        return;
    ticked.idle = 0;
    if (rt_quiescent())
        rt_wake_worker();
}

/* Calls that block have all the threads, and what could go on waits for one. */
static void man(int64_t now)
{
    int64_t due = rt_s.config.clock_virtual ? INT64_MAX - 1 : rt_now();

    if (!rt_load(rt_s.nblocking) || !rt_all_idle() ||
        !(rt_work_visible() || rt_timer_next() <= due ||
          rt_netpoll_waiters()) ||
        !rt_unmanned()) {
        ticked.since = 0;
        return;
    }
    if (!ticked.since)
        ticked.since = now;
    rt_need(now - ticked.since < MANNED_IN,
            "no thread for another worker, and those there are all block");
}

void rt_tick_loop(void)
{
    int64_t last = rt_monotonic();

    memset(&ticked, 0, sizeof(ticked));
    counted(0); /* what was used before this run */
    while (!__atomic_load_n(&rt_s.ended, __ATOMIC_ACQUIRE)) {
        bool idle = rt_all_idle();
        int64_t now, counts;

        rt_futex_wait(&rt_s.ended, 0, idle ? TICK_IDLE : TICK);
        now = rt_monotonic();
        rt_store(rt_s.tick, now - rt_s.start);
        counts = counted(now - last);
        if (__atomic_load_n(&rt_s.ended, __ATOMIC_ACQUIRE))
            break;
        if (rt_s.config.clock_virtual && now - last < GO_SECOND &&
            !rt_load(rt_controlled))
            flow(now - last, counts);
        last = now;
        attend();
        man(now);
        rt_stack_trim(now);
        if (!rt_load(rt_controlled))
            settle_by_force(counts);
        if (__atomic_load_n(&rt_s.ended, __ATOMIC_ACQUIRE))
            break;
        look_again(idle);
        if (rt_s.config.hooks->tick)
            rt_s.config.hooks->tick();
    }
}

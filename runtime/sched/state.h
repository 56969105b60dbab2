/*
 * state.h - what the files of the scheduler share. Nobody else includes it.
 *
 * The life of a processor (p): idle in sched.idle_p, or owned by one m. Who
 * owns a p may run goroutines and touch its queue. While frozen is set no idle
 * p is handed out: that, and every owner stopped outside the runtime, is the
 * stopped world (world.c).
 */
#ifndef RT_SCHED_STATE_H
#define RT_SCHED_STATE_H

#include "runtime/base/cpu.h"
#include "runtime/sched/m.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/switch.h"

enum {
    RT_M_MAX = 10000,
    RT_ALTSTACK = 64 << 10,
    RT_STOP_SIGNAL = SIGURG, /* ignored by default, and hardly used */
};

/* rt_sched.attention */
#define RT_ATTEND 1u /* timers, the poll, the mail */
#define RT_FROZEN 2u /* the world is being stopped */
#define RT_SHRINK 4u /* a p beyond procs is still owned */

struct rt_sched {
    struct rt_config config;    /* [init] */
    struct p *ps[RT_PROCS_MAX]; /* [init] made as needed; [0..procs) are used */
    int procs;                  /* [world] */

    uint32_t lock __attribute__((aligned(RT_LINE)));
    /* rank RT_RANK_SCHED, never skipped */
    struct p *idle_p;      /* [lock] */
    uint32_t nidle_p;      /* [lock, read atomically] */
    struct m *idle_m;      /* [lock] asleep on their futex */
    struct m *poller;      /* [lock] asleep in the poll, at most one */
    struct m *all_m;       /* [lock] */
    int nm;                /* [lock] */
    uint32_t nstarting;    /* [atomic] threads that are not in all_m yet */
    struct rt_runq global; /* [lock] what came from outside a worker */
    struct rt_netpoll_events mail; /* [lock] what the poller brought: taken by
                                   the next worker that has a p */
    bool mail_full;                /* [lock, read atomically] */
    uint32_t nspinning;            /* [atomic] workers that look for work */
    bool deciding;                 /* [lock] a worker, whether all is at rest */
    bool decide_again;             /* [lock] for who became idle meanwhile */
    bool frozen;                   /* [lock, read atomically] */
    uint32_t thaw; /* [atomic] futex: counts the world's starts */

    uint32_t nblocking; /* [atomic] calls in go_blocking */
    uint32_t ng;        /* [atomic] goroutines, and places for more: N1 */
    uint64_t last_id;   /* [atomic] the highest number that was taken */

    /* This line all read at each switch or end, and few write. */
    uint32_t attention __attribute__((aligned(RT_LINE)));
    /* [atomic] why workers are to pass by the scheduler: RT_ATTEND, ... */
    uint32_t ended;  /* [atomic] futex: 1 + enum rt_end */
    uint32_t halted; /* [atomic] workers leave */
    int64_t start;   /* [init] monotonic ns */
    int64_t virt;    /* [atomic] the virtual clock */
    int64_t tick;    /* [atomic] what rt_tick says, real clock */
    uint64_t jumps;  /* [world] of the virtual clock */
    bool flowed;     /* [atomic] the virtual clock ran as real time */

    bool main_ended;        /* [atomic] */
    bool main_exited;       /* [atomic] by go_exit */
    int64_t main_ended_at;  /* [atomic] run's clock */
    int64_t judged_from;    /* [atomic] monotonic: main's end, last jump */
    uint64_t switches_from; /* [atomic] switches at that time */
    uintptr_t main_result;

    struct m *silent;   /* [world] did not answer the stop at the end */
    struct g *panicked; /* [world] */
    const char *panic_message;

    uint32_t world;    /* rank RT_RANK_WORLD */
    struct g *foreign; /* [world] stand-ins */
    int boot_tid;      /* [init] boots, runs and keeps the tick */
};
extern struct rt_sched rt_s RT_HIDDEN;

static inline struct p *rt_p(int i)
{
    return __atomic_load_n(&rt_s.ps[i], __ATOMIC_ACQUIRE);
}

/* No p is owned, of those beyond procs neither: nobody runs goroutines. */
static inline bool rt_all_idle(void)
{
    return rt_load(rt_s.nidle_p) == (uint32_t)rt_load(rt_s.procs) &&
           !(rt_load(rt_s.attention) & RT_SHRINK);
}

int64_t rt_monotonic(void); /* ns */

static inline int64_t rt_tick_now(void) /* rt_tick, in line */
{
    return rt_s.config.clock_virtual ? rt_load(rt_s.virt) : rt_load(rt_s.tick);
}

/* boot.c: calls what rt_at_halt was given. */
void rt_halt_rooms(void);

/* pick.c: who runs next. */
struct g *rt_pick(struct p *p); /* own queue, NULL: none, or pass by */
struct g *rt_pick_global(void);
/* Of p's queues or that of all; NULL: nobody is runnable. For a controlled run,
   where all who are run before anything is chosen: so nobody is held back. */
struct g *rt_pick_any(struct p *p);
void rt_enqueue_global(struct g *g);
void rt_spawn_enqueue(struct g *g);

/* sched.c: switching. */
void rt_run_g(struct m *m, struct g *g); /* from the scheduler's stack */
void rt_switch_away(struct g *g);        /* to the next, or the scheduler */
void rt_switch_for_good(struct g *g);    /* likewise, when it is dead */
/* Whether g, which yields, does it in a loop that asks for the time: not the
   first few, for who asks now and then is to see time stand still. */
enum {
    RT_POLLS = 16
};
bool rt_polls(struct g *g);
void rt_finish(void); /* first thing on the other side */
void rt_finish_slow(struct m *m);
/* The same in line: completes what the one before us could not do by itself. */
static inline __attribute__((always_inline)) void rt_finish_switch(void)
{
    struct m *m = rt_m();

    if ((uintptr_t)m->unlock | (uintptr_t)m->release | (uintptr_t)m->prev)
        rt_finish_slow(m);
}
/* g is the one that m runs from here on. */
static inline __attribute__((always_inline)) void rt_become(struct m *m,
                                                            struct g *g)
{
    rt_g_set_status(g, RT_G_RUNNABLE, RT_G_RUNNING);
    rt_store(m->g, g);
    rt_store(m->switches, m->switches + 1);
    *m->errno_at = g->saved_errno;
}
/* From g to another of this worker's; both are RUNNABLE, and may be one. */
static inline __attribute__((always_inline)) void
rt_switch_to(struct m *m, struct g *g, struct g *to)
{
    g->saved_errno = *m->errno_at;
    rt_become(m, to);
    if (RT_SAN_STACKS && to == g)
        return;
    rt_san_switch(&g->asan_fake_stack, rt_stack_low(to), rt_stack_size());
    rt_tsan_switch(to->tsan_fiber);
    rt_switch(&g->sp, &to->sp);
    rt_san_switched(g->asan_fake_stack);
    rt_finish_switch();
}
uint64_t rt_switches(void);

/* quiesce.c: goroutine 1 has ended, or begins to leave by go_exit. */
void rt_main_exit(struct g *g);

/* worker.c: threads. */
void rt_wake_worker(void);      /* if a p is idle and nobody looks for work */
void rt_wake_locked(void);      /* has an idle p run by somebody; sched lock */
bool rt_work_visible(void);     /* anything that an idle p could run */
int rt_workers_open(void);      /* the first thread; 0 or -errno */
bool rt_unmanned(void);         /* all threads are in calls that block, and
                                   another one is still not to be had */
bool rt_workers_halt(void);     /* false: some never leave */
void rt_p_release(struct m *m); /* m's p is idle, or nobody's any more */
/* A p beyond procs, owned by the caller or, in the stopped world, by nobody,
   gives all that it has to everybody. */
void rt_p_drain(struct p *p);
void rt_shrink_note_locked(void); /* RT_SHRINK as it must be, sched lock */
int64_t rt_futex_wait(uint32_t *at, uint32_t value, int64_t ns); /* -1: ever */
void rt_futex_wake(uint32_t *at, int n);

/* blocking.c: the call of a goroutine that blocks, which has switched away. */
void rt_blocking_call(struct m *m);

/* steal.c: true: something is in m's queue now. */
struct g *rt_take_global(struct p *p); /* NULL: nobody is there */
bool rt_steal(struct m *m);
/* A run is about to begin; and each tick: so many switches were made so far. */
void rt_steal_begin(void);
void rt_steal_see(uint64_t switches);
/* Stops looking for work, found or not. */
void rt_steal_end(struct m *m, bool found);

/* world.c */
void rt_world_lock(void);
/* False: the run has ended, and its lock is kept until rt_halt. */
bool rt_world_lock_unless_ended(void);
void rt_world_unlock(void);
/* rt_world_stop, for who can do nothing while a worker is silent: waits. */
void rt_world_stop_all(void);
void rt_wait_thaw(void); /* while frozen: sleeps */
int rt_world_open(void);
void rt_world_close(void);
void rt_foreign_reset(void);

/*
 * quiesce.c: called by a worker without a p when all are idle. Decides what
 * happens then; true: look for work at once, else sleep.
 */
bool rt_quiescent(void);
/* Ends the run; the world is stopped. */
void rt_end_run(enum rt_end end);

/* tick.c: the thread that called rt_run, until the run has ended. */
void rt_tick_loop(void);
/* Moves the virtual clock by real time that has passed. */
void rt_clock_flow(int64_t ns);
/* Somebody begins to sleep in the poll; and is awake: the virtual clock goes on
   by as long, if all have rested. Under the sched lock. */
struct rt_rest {
    int64_t begun; /* monotonic */
    uint64_t jumps, switches;
    bool idle; /* all were */
};
struct rt_rest rt_rest_locked(void);
void rt_rest_over_locked(const struct rt_rest *r);

/* overflow.c */
int rt_overflow_open(void);
void rt_overflow_close(void);
/* rt_saved_astray: the process ends, saying so. */
void rt_overflow_astray(const struct g *g) __attribute__((noreturn));
void rt_altstack_open(struct m *m);
void rt_altstack_close(struct m *m);

#endif

/*
 * m.h - a worker thread (m), and the processor (p) that it needs to run
 * goroutines.
 *
 * There are procs processors; an m without one waits for one, or runs a
 * blocking call. What an m is doing is found by rt_m(), a load that no
 * compiler may keep across a switch.
 */
#ifndef RT_SCHED_M_H
#define RT_SCHED_M_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "runtime/base/rng.h"
#include "runtime/sched/g.h"

/* Two lines of the cache: processors fetch them in pairs. */
#define RT_LINE 128

/* A run queue: goroutines linked by g->link; [lock] rank RT_RANK_RUNQ. */
struct rt_runq {
    uint32_t lock;
    uint32_t n;
    struct g *first, *last;
};

/* Of nobody, linked by g->link (spare.h). */
struct rt_spare {
    struct g *first;
    uint32_t n;
};

enum {
    RT_PROCS_MAX = 256
};
/* By lines of the cache: the first is what thieves look at. */
struct p {
    struct rt_runq q;       /* [q.lock] woken, yielded: first in, first out */
    struct rt_runq fresh;   /* [q.lock] spawned: the newest first, so that a
                              tree of goroutines is walked depth first */
    uint32_t aged;          /* [q.lock] the tick when the oldest of them was
                              run before its turn */
    struct g *next;         /* [atomic] run-next: what the runner woke last */
    bool next_fresh;        /* [own] or spawned: what was put there last was */
    struct rt_rng rng;      /* [own] selects, stealing */
    uint32_t tick;          /* [own, read by the tick thread] switches made */
    uint32_t next_row;      /* [own] times in a row that next was taken */
    uint32_t seen_tick;     /* [tick thread] */
    uint32_t stalled;       /* [tick thread] ticks in a row without a switch */
    struct m *m;            /* [sched lock] who runs it, NULL: idle */
    struct p *idle_next;    /* [sched lock] */
    struct rt_spare stacks; /* [own] at hand */
    struct rt_spare unborn; /* [own] descriptors at hand (unborn.h) */
    uint64_t number;        /* [own] the last that was given of those */
    uint64_t numbers;       /* at hand, up to this (census.h) */
    uint32_t places;        /* [own, read under the sched lock] the same */
    uint32_t missed;        /* [own] tries in a row that failed, */
    uint32_t missed_in;     /* in this tick (rt_missed) */
    int id;                 /* [init] */
} __attribute__((aligned(RT_LINE)));

/* What a worker took last from another, and what came of it: steal.c. */
struct rt_theft {
    int64_t at;        /* monotonic ns; 0: it is done */
    uint64_t switches; /* the worker's, then */
    int64_t hold;      /* ns to wait before the next one, */
    int64_t until;     /* which is until then */
};

struct m {
    struct g *g;             /* [own] running now; NULL: the scheduler, or in a
                              blocking call */
    uint32_t in_rt;          /* [own] inside the runtime: no image is taken */
    struct p *p;             /* [own] NULL: none */
    void *sched_sp;          /* [own] saved stack of the scheduler's loop */
    struct g *prev;          /* [own] whom the switch left, to be finished */
    uint32_t *unlock;        /* [own] its lock, released by the finish */
    void (*release)(void *); /* [own] or its locks, released so */
    void *release_arg;
    int *errno_at;             /* [init] the thread's errno */
    struct g *blocked;         /* [world] the goroutine in go_blocking */
    uint32_t sleep;            /* [atomic] futex: 0 awake, 1 asleep */
    uint32_t stop;             /* [atomic] see world.c */
    const ucontext_t *context; /* [world] of its g, while stopped in it */
    uint64_t switches;         /* [own, read by the tick thread] */
    struct m *idle_next;       /* [sched lock] */
    struct m *all_next;        /* [sched lock] */
    pthread_t thread;
    int tid;
    int id;
    uint32_t ends; /* [own] 1 + enum rt_end: to be told by the scheduler */
    bool spinning; /* [own] looks for work */
    struct rt_theft theft; /* [own] */
    bool abandoned;        /* [sched lock] the run is over, it never left */
    const struct go_call
        *call;         /* [own] a blocking call to be made, of blocked */
    uint32_t returned; /* [own, read by a look] the call has come back */
    void *tsan_fiber;  /* [init] of the scheduler's loop */
    void *asan_fake_stack;
    void *stack_low; /* [init] the thread's stack */
    size_t stack_size;
    void *frame;    /* [init] of worker_main: the scheduler's are below it */
    void *altstack; /* [init] for the overflow handler */
    stack_t before_altstack; /* [init] what was there */
} __attribute__((aligned(RT_LINE)));

/* m->stop: what a stop of the world asks of a worker, and its answer. */
enum {
    RT_M_RUNS,
    RT_M_ASKED,   /* the signal is on its way */
    RT_M_STOPPED, /* in the handler, outside the runtime, until RT_M_RUNS */
    RT_M_LEFT,    /* the thread has ended */
};

extern __thread struct m *rt_m_self __attribute__((tls_model("initial-exec")));

/*
 * The worker that runs the caller; NULL on any other thread. A volatile load
 * by the segment register: the compiler may keep neither the value nor the
 * address of a thread-local variable across a switch to another thread.
 */
#if defined(__x86_64__)
static inline struct m *rt_m(void)
{
    struct m *m;

    __asm__ volatile("movq rt_m_self@gottpoff(%%rip), %0\n\t"
                     "movq %%fs:(%0), %0"
                     : "=r"(m));
    return m;
}
#else
struct m *rt_m(void) __attribute__((noinline));
#endif

/* The running goroutine; NULL on a thread, and in the scheduler. */
static inline struct g *rt_g(void)
{
    struct m *m = rt_m();

    return m ? m->g : NULL;
}

#endif

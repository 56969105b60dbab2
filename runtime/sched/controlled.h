/*
 * controlled.h - what control.c and execution.c share: the state of a
 * controlled run, of which there is one.
 */
#ifndef RT_SCHED_CONTROLLED_H
#define RT_SCHED_CONTROLLED_H

#include "runtime/sched/control.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/task.h"

enum {
    RT_CTL_STEPS = 1 << 16, /* that can be done at one moment */
    RT_CTL_BITS = 64,
};

/* A task's part in this execution. */
struct rt_ctl_task {
    struct g *g;         /* its stack, whether or not it lives: C2 */
    struct rt_point *at; /* NULL: stands nowhere */
    uint32_t spawned;    /* goroutines, so far */
    bool lives;
};

struct rt_ctl {
    const struct go_control *by;
    struct rt_spawn main; /* how each execution begins */
    uintptr_t arg[GO_CALL_MAX];

    struct rt_ctl_task tasks[RT_TASKS_MAX];
    uint64_t standing[RT_TASKS_MAX / RT_CTL_BITS]; /* bit set: tasks[].at is */
    uint32_t words; /* of standing that are in use */
    uint32_t clock_spawned;

    struct go_step steps[RT_CTL_STEPS];
    uint32_t n;
    struct rt_point *then; /* the other one of a rendezvous */
    struct g *decided;     /* who goes on, by a step that was taken already */

    bool loops;     /* executions follow each other */
    bool over;      /* this one is */
    bool bound;     /* it was given up */
    bool cut;       /* by main's return, or a panic */
    uint32_t more;  /* what else is a step, enum go_more */
    bool hurry;     /* the clock goes on although more can be done */
    bool still;     /* choices are made on no goroutine's stack */
    bool due;       /* the clock goes on, for all only spin: C5 */
    bool flowed;    /* it has, in this execution */
    uint32_t spins; /* steps in a row */
    uint32_t early; /* how often yet */
    uint32_t advances;
    struct g *panicked;
    const char *message;
    struct rt_livelock livelock;
    uint32_t watched; /* the task whose step is to be stopped at + 1; 0: none */
    uint64_t taken;   /* steps */
    uint64_t moment;  /* of offers; never the same twice */
};
extern struct rt_ctl rt_ctl;

/* At p from here on; NULL: nowhere. */
static inline void rt_ctl_stand(uint32_t task, struct rt_point *p)
{
    rt_ctl.tasks[task].at = p;
    if (p)
        rt_ctl.standing[task / RT_CTL_BITS] |= 1ull << (task % RT_CTL_BITS);
    else
        rt_ctl.standing[task / RT_CTL_BITS] &= ~(1ull << (task % RT_CTL_BITS));
}

/* p goes on, and does what it announced. */
static inline struct g *rt_ctl_go_on(struct rt_point *p, int32_t which)
{
    p->which = which;
    rt_ctl_stand(p->at.task, NULL);
    return rt_ctl.tasks[p->at.task].g;
}

/* Whether anybody lives but daemons. */
bool rt_ctl_is_left(void);
/* Notes anew what the fast path of unlocks asks. */
void rt_ctl_see_releases(void);

#endif

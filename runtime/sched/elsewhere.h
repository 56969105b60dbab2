/*
 * elsewhere.h - into the runtime for who is told what a goroutine does without
 * it.
 */
#ifndef RT_SCHED_ELSEWHERE_H
#define RT_SCHED_ELSEWHERE_H

#include <vigil/elsewhere.h>

#include "runtime/sched/control.h"
#include "runtime/sched/m.h"
#include "runtime/sched/park.h"

struct waiter;

/* A point at which one waits for what only ready knows, or until expired. */
struct rt_await {
    struct rt_point p; /* first: a point is such a wait's */
    /* For a look: as it would park; NULL: time may end it, or nobody knows. */
    const struct waiter *w;
    enum go_wait_reason reason;
    bool (*ready)(const volatile void *key);
    const volatile void *key;
    bool expired;
};
static inline bool rt_await_is_over(const struct rt_await *a)
{
    return a->expired || a->ready(a->key);
}
/* The caller is controlled, and inside the runtime. */
void rt_elsewhere_await(struct g *g, struct rt_await *a);
/* The caller, who is not controlled any more, can not go on: where others than
   goroutines may help he has waited for a moment; false: they may not. */
bool rt_elsewhere_helped(const struct go_site *site);
/* Something was let go of that who is at a step again may have waited for. */
void rt_elsewhere_released(void);
/* A library does something to what goroutines wait for, and it is no choice. */
void rt_elsewhere_unasked(void);
/* The caller is a goroutine, outside the runtime, of a run that is controlled,
   or was until it came to its end. And another number in each execution. */
bool rt_elsewhere_runs(void);
uint64_t rt_elsewhere_execution(void);

/* Threads of the program's own may be there that do what somebody waits for. */
extern bool rt_elsewhere_threads RT_HIDDEN; /* [atomic] */
static inline bool rt_elsewhere_others(void)
{
    return rt_load(rt_elsewhere_threads);
}
/* Where they may be: they may do it for somebody who is no daemon, so that a rest
   is not the end. */
bool rt_elsewhere_may_help(void);
/* Nothing can be done, and time can not go on: whether somebody waits for what
   others than goroutines may let go of, and now tries again. */
bool rt_elsewhere_wait(void);
/* Likewise, but of whatever they wait for, and by whom may help. */
bool rt_elsewhere_wait_for_threads(void);

/* The caller does, or waits for, what comes from outside: its order is none of
   the choices, and what it orders is not seen. what: go_control's unseen. */
void rt_elsewhere_comes_slow(const char *what);
static inline void rt_elsewhere_comes(const char *what)
{
    if (rt_unlikely(rt_load(rt_controlled)))
        rt_elsewhere_comes_slow(what);
}
/* The same of I/O, outside the runtime: a step, for what is asked of a
   descriptor depends on what others have done to it. */
void rt_elsewhere_io_slow(const struct go_site *site);
static inline void rt_elsewhere_io(const struct go_site *site)
{
    if (rt_unlikely(rt_load(rt_controlled)))
        rt_elsewhere_io_slow(site);
}
/* Threads of the program's own may be there. */
bool rt_elsewhere_beside(void);

/* The running goroutine, which is in the runtime then (rt_leave); NULL: it is
   not to be looked at. Anywhere. */
static inline struct g *rt_enter_controlled(void)
{
    struct m *m = rt_m();
    struct g *g;

    if (!m || !m->g || m->in_rt)
        return NULL;
    g = rt_enter();
    if (rt_is_controlled(g))
        return g;
    rt_leave(g);
    return NULL;
}

/* Whether p is one of these waits, and others than goroutines may end it. */
bool rt_elsewhere_is(const struct rt_point *p);
/* Whether it is one at all, and which; NULL: none. */
const struct rt_await *rt_elsewhere_awaits(const struct rt_point *p);

#endif

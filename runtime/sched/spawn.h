/*
 * spawn.h - how a goroutine begins and ends.
 */
#ifndef RT_SCHED_SPAWN_H
#define RT_SCHED_SPAWN_H

#include "runtime/sched/g.h"

struct rt_spawn {
    go_fn *fn;
    const uintptr_t *arg; /* GO_CALL_MAX words, copied */
    const struct go_site *site;
    struct go_object *member; /* of this group, or NULL */
    /* Called when fn has ended, however it did, as the goroutine itself and
       outside rt_enter; g->result is what fn returned. NULL: nobody is told. */
    void (*at_end)(struct g *g);
    uint64_t after; /* it begins after what was released so (causal.h), or 0 */
};

/*
 * Makes a goroutine, runnable, next on the caller's worker. by: who asks, as
 * rt_enter returned it; NULL: the scheduler (a timer). Between rt_enter and
 * rt_leave. False: no stack could be had (the caller leaves, then panics).
 */
bool rt_spawn(struct g *by, const struct rt_spawn *s);
/* The panic that a false rt_spawn asks for. */
void rt_spawn_failed(const struct go_site *site) __attribute__((noreturn));

/*
 * How many there are is about to be asked, by g: a step, and from the first time
 * on it is one to make a goroutine and to end. Who makes one says so before he
 * stands at anything else for it.
 */
void rt_count_asked(struct g *g, const struct go_site *site);
void rt_count_changes(struct g *g, const struct go_site *site);

/* Ends the running goroutine for good; its defers have run. */
void rt_exit(struct g *g) __attribute__((noreturn));

#endif

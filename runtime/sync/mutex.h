/*
 * mutex.h - a mutex from inside: what a condition needs of it.
 *
 * All of it between rt_enter and rt_leave, with no ranked lock held.
 */
#ifndef RT_SYNC_MUTEX_H
#define RT_SYNC_MUTEX_H

#include "runtime/sched/g.h"

/* Whether g owns m; then nobody but g changes that. */
bool rt_mutex_owned(const struct go_mutex *m, const struct g *g);
/* Makes g the owner; parks until it is. g is no foreign thread. */
void rt_mutex_acquire(struct go_mutex *m, struct g *g,
                      const struct go_site *site);
/* False: g does not own m; nothing was done. */
bool rt_mutex_release(struct go_mutex *m, struct g *g,
                      const struct go_site *site);
/* Leaves, and panics with what is wrong with g unlocking m. */
void rt_mutex_misused(const struct go_mutex *m, struct g *g,
                      const struct go_site *site) __attribute__((noreturn));

/* The goroutine of a word that has it, with flags in its low bits. */
static inline struct g *rt_owner_g(uintptr_t word)
{
    return (struct g *)(word & ~(uintptr_t)7);
}

#endif

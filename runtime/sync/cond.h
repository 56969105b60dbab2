/*
 * cond.h - waits for a condition whose mutex is somebody else's.
 */
#ifndef RT_SYNC_COND_H
#define RT_SYNC_COND_H

#include <vigil/sync.h>

#include "runtime/sched/g.h"

struct rt_cond_wait {
    int (*unlock)(void *lock); /* 0; else nothing is waited for */
    void *lock;
    int64_t until; /* instant; INT64_MAX: for ever */
    const struct go_site *site;
};

/* Inside the runtime, but for unlock. What unlock says, or ETIMEDOUT. */
int rt_cond_wait_with(struct go_cond *c, struct g *g,
                      const struct rt_cond_wait *how);
/* As a broadcast, but no choice. The caller is inside the runtime. */
void rt_cond_wake(struct go_cond *c, struct g *g, const struct go_site *site);

#endif

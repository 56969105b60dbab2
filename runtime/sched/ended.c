/* ended.c - what became of the goroutines that ended, and the locks they left. */
#include "runtime/sched/ended.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/sched/state.h"

struct go_inspect_ended rt_ended[RT_PROCS_MAX][RT_ENDED_KEPT];
static struct rt_abandoned abandoned[RT_ABANDONED_MAX];
static uint32_t nabandoned; /* [atomic] asked for, also beyond the maximum */
static uint32_t nbefore;    /* by earlier runs */

static void abandon(const struct g *g, const struct rt_held *held)
{
    struct go_object head;
    uint32_t n;

    if (!rt_held_head(&head, g, held))
        return;
    n = __atomic_fetch_add(&nabandoned, 1, __ATOMIC_RELAXED);
    if (n < RT_ABANDONED_MAX)
        abandoned[n] = (struct rt_abandoned){g->id, held->obj, head, held->site,
                                             held->shared};
}

void rt_held_abandon(struct g *g)
{
    for (uint32_t i = 0; i < g->nheld; i++)
        abandon(g, &g->held[i]);
    if (g->held != g->held_inline)
        free(g->held);
}

/* What those hold who did not come to their end in this run. */
static void abandon_rest(void)
{
    for (uint32_t i = 0; i < rt_g_slots(); i++) {
        const struct g *g = rt_g_at(i);

        if (!g || rt_g_status(g) == RT_G_RUNNING)
            continue;
        for (uint32_t k = 0; k < g->nheld; k++)
            abandon(g, &g->held[k]);
    }
}

void rt_ended_forget(void)
{
    nabandoned = nbefore;
}

void rt_ended_reset(void)
{
    uint64_t n = rt_s.last_id + 1;

    if (n > RT_ENDED_KEPT)
        n = RT_ENDED_KEPT;
    abandon_rest();
    for (int i = 0; i < RT_PROCS_MAX && rt_p(i); i++)
        memset(rt_ended[i], 0, sizeof(rt_ended[i][0]) * n);
    if (nabandoned > RT_ABANDONED_MAX)
        nabandoned = RT_ABANDONED_MAX;
    for (uint32_t i = 0; i < nabandoned; i++)
        abandoned[i].goroutine = 0; /* the lock may be wanted in the next run */
    nbefore = nabandoned;
}

const struct go_inspect_ended *rt_ended_find(uint64_t id)
{
    for (int i = 0; id && i < RT_PROCS_MAX && rt_p(i); i++) {
        const struct go_inspect_ended *e = &rt_ended[i][id % RT_ENDED_KEPT];

        if (e->id == id)
            return e;
    }
    return NULL;
}

uint32_t rt_abandoned(const struct rt_abandoned **list)
{
    *list = abandoned;
    return nabandoned < RT_ABANDONED_MAX ? nabandoned : RT_ABANDONED_MAX;
}

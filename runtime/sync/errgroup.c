/*
 * errgroup.c - goroutines that may fail: the first error, and a context that
 * it cancels.
 *
 * Method: a wait group of members only, so the monitor always knows exactly
 * who can end a wait. A member's result is read when it has ended: the first
 * that is not 0 is kept and cancels the context, before the member is counted
 * out, so a wait never returns without the error of a member that it saw end.
 */
#include "runtime/sched/control.h"
#include "runtime/sync/object.h"
#include "runtime/sync/waitgroup.h"

static void cancel(struct go_errgroup *group, const struct go_site *site)
{
    if (group->ctx)
        go_context_cancel_at(group->ctx, site);
}

/* As the member that has ended; its result is an int: 0 or -errno. */
static void member_end(struct g *g)
{
    struct go_errgroup *group = (struct go_errgroup *)g->member;
    int32_t none = 0, err = (int32_t)g->result;

    rt_check(group, "errgroup: a member of no group ends");
    if (err && rt_load(rt_controlled)) {
        rt_check(rt_enter() == g, "errgroup: another goroutine ends");
        rt_point(g, GO_OP_UPDATE, &group->err, g->last);
        rt_leave(g);
    }
    if (err && __atomic_compare_exchange_n(&group->err, &none, err, false,
                                           __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        cancel(group, g->last);
    rt_waitgroup_leave(g);
}

void go_errgroup_go_at(struct go_errgroup *group, const struct go_call *call,
                       const struct go_site *site)
{
    rt_waitgroup_start(&group->wg, GO_KIND_ERRGROUP, call, member_end, site);
}

int go_errgroup_wait_at(struct go_errgroup *group, const struct go_site *site)
{
    rt_waitgroup_wait(&group->wg, GO_KIND_ERRGROUP, GO_WAIT_ERRGROUP, site);
    cancel(group, site);
    return __atomic_load_n(&group->err, __ATOMIC_ACQUIRE);
}

struct go_context *go_errgroup_with_context_at(struct go_errgroup *group,
                                               struct go_context *parent,
                                               const struct go_site *site)
{
    rt_object_touch(&group->wg.obj, GO_KIND_ERRGROUP, site);
    group->ctx = go_context_with_cancel_at(parent, site);
    return group->ctx;
}

int(go_errgroup_wait)(struct go_errgroup *group)
{
    return go_errgroup_wait_at(group, RT_HERE());
}

struct go_context *(go_errgroup_with_context)(struct go_errgroup *group,
                                              struct go_context *parent)
{
    return go_errgroup_with_context_at(group, parent, RT_HERE());
}

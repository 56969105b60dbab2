/*
 * leak.c - what state of life each goroutine is in.
 *
 * In:  one goroutine and the reduction. Out: its fate, for findings,
 * certificates and counts.
 *
 * L1  STUCK is said of a goroutine exactly when the reduction says so; the
 *     rest of the classes only tell why not.
 */
#include "runtime/monitor/leak.h"

#include "runtime/base/throw.h"

static bool waits_on(const struct mon_reduction *r,
                     const struct go_inspect_goroutine *g,
                     bool (*test)(const struct go_inspect_object *))
{
    const struct go_inspect *in = r->graph->in;

    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++)
        if (in->waits[w].object != GO_NOWHERE &&
            test(&in->objects[in->waits[w].object]))
            return true;
    return false;
}

static bool is_armed(const struct go_inspect_object *o)
{
    return o->armed;
}

static bool is_fd(const struct go_inspect_object *o)
{
    return o->kind == GO_KIND_FD;
}

static enum mon_fate fate_waiting(const struct mon_reduction *r, uint32_t i)
{
    const struct go_inspect_goroutine *g = &r->graph->in->goroutines[i];

    if (!r->live[i])
        return MON_FATE_STUCK;
    if (g->reason == GO_WAIT_IO || waits_on(r, g, is_fd))
        return MON_FATE_EXTERNAL;
    if (g->until >= 0 || waits_on(r, g, is_armed))
        return MON_FATE_TIMER;
    return MON_FATE_WAITS;
}

enum mon_fate mon_leak_fate(const struct mon_reduction *r, uint32_t goroutine)
{
    const struct go_inspect *in = r->graph->in;

    rt_check(goroutine < in->ngoroutine, "leak: no such goroutine");
    switch ((enum go_state)in->goroutines[goroutine].state) {
    case GO_STATE_RUNNABLE:
        return MON_FATE_RUNNABLE;
    case GO_STATE_RUNNING:
        return MON_FATE_RUNNING;
    case GO_STATE_EXTERNAL:
        return MON_FATE_EXTERNAL;
    case GO_STATE_FOREIGN:
        return MON_FATE_FOREIGN;
    case GO_STATE_WAITING:
        return fate_waiting(r, goroutine);
    }
    rt_throw("leak: goroutine in no state");
}

bool mon_leak_counts(const struct go_inspect_goroutine *g)
{
    return !g->system && !g->daemon && g->state != GO_STATE_FOREIGN;
}

bool mon_leak_slow(const struct go_inspect *in, uint32_t goroutine,
                   enum mon_fate fate)
{
    const struct go_inspect_goroutine *g = &in->goroutines[goroutine];

    rt_check(goroutine < in->ngoroutine, "leak: no such goroutine");
    return in->slow > 0 && fate == MON_FATE_WAITS && mon_leak_counts(g) &&
           g->since >= 0 && in->now - g->since >= in->slow;
}

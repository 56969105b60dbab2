/*
 * ancestry.c - the line of creators of a goroutine, alive or ended.
 *
 * In:  findings over a snapshot. Out: creators one by one, for the reports.
 *
 * Y1  Who creates was there before who is created, so every line ends: after as
 *     many as are known at the latest. By their numbers it need not look so, as
 *     processors take some ahead (census.h).
 * Y2  Of who ended too long ago nothing but the id is known: there it ends.
 */
#include "runtime/monitor/ancestry.h"

#include "runtime/base/throw.h"
#include "runtime/monitor/graph.h"

enum {
    MAIN = 1 /* the root: go_main made it */
};

static void tell_ended(struct mon_ancestor *a, const struct mon_findings *f)
{
    uint32_t e = mon_byid_find(&f->graph->ended, a->id);
    const struct go_inspect_ended *end;

    a->fate = MON_FATE_GONE; /* Y2 */
    if (e == GO_NOWHERE)
        return;
    end = &f->in->ended[e];
    a->fate = MON_FATE_ENDED;
    a->name = end->name;
    a->created_by = end->created_by;
    a->created = end->created;
}

/* The one with this id, who created somebody at site. */
static void tell(struct mon_ancestor *a, const struct mon_findings *f,
                 uint64_t id, const struct go_site *site)
{
    uint32_t i = id ? mon_byid_find(&f->graph->goroutines, id) : GO_NOWHERE;

    *a = (struct mon_ancestor){
        .id = id, .goroutine = i, .site = site, .nth = a->nth + 1};
    rt_check(a->nth <= f->in->ngoroutine + f->in->nended + 1,
             "ancestry: Y1: a line without an end");
    if (i != GO_NOWHERE) {
        const struct go_inspect_goroutine *g = &f->in->goroutines[i];

        a->fate = f->fate[i];
        a->name = g->name;
        a->created_by = g->created_by;
        a->created = g->created;
    } else if (id) {
        tell_ended(a, f);
    } else {
        a->fate = MON_FATE_FOREIGN;
    }
}

bool mon_ancestor_first(const struct mon_findings *f, uint32_t goroutine,
                        struct mon_ancestor *a)
{
    const struct go_inspect_goroutine *g = &f->in->goroutines[goroutine];

    rt_check(goroutine < f->in->ngoroutine, "ancestry: of nobody");
    if (g->id == MAIN || !g->created)
        return false;
    a->nth = 0;
    tell(a, f, g->created_by, g->created);
    return true;
}

bool mon_ancestor_next(const struct mon_findings *f, struct mon_ancestor *a)
{
    if (a->id == MAIN || !a->created)
        return false;
    tell(a, f, a->created_by, a->created);
    return true;
}

/*
 * holders.c - who of the stuck holds what, or may.
 *
 * In:  a scan that knows who lives. Out: for each object that is not exact, who
 * of the stuck has it, for reports: whom to name, and that there is nobody.
 *
 * Method: each of the stuck is marked by itself, on top of what the living
 * have, and that is undone again. When it takes too long, it is said that not
 * all were asked.
 *
 * H1  Who points into the stack of somebody else has what lies there, and maybe
 *     what lies around it: nobody knows where in a stack an object ends. So
 *     what that stack leads to, who points into it may have: a holder of a kind
 *     of his own, who is told as such. What a stack leads to is asked once.
 */
#include "runtime/monitor/scan.h"

enum {
    HOLDERS_WORDS = 8 << 20, /* that are looked at for who holds what, */
    MAYBE_WORDS = 1 << 20    /* and for who may; and leads that are told */
};

void mon_holders_note(struct mon_scanning *k, uint32_t object, unsigned wants,
                      bool maybe)
{
    struct mon_holder *last = k->nholder ? &k->holders[k->nholder - 1] : NULL;

    if (last && last->object == object && last->goroutine == k->source &&
        last->maybe == maybe)
        last->wants |= wants;
    else if (rt_arena_grow(k->arena, &k->holders, k->nholder, &k->holder_cap,
                           sizeof(*k->holders)))
        k->holders[k->nholder++] =
            (struct mon_holder){object, k->source, wants, maybe};
    else
        k->failed = true;
}

/* H1. Of an exact object the openers are known. */
static void found_lead(void *arg, uint32_t object, unsigned wants)
{
    struct mon_scanning *k = arg;

    if (k->graph->gates[object * MON_SIDES].exact)
        return;
    if (rt_arena_grow(&k->scratch, &k->leads, k->nlead, &k->lead_cap,
                      sizeof(*k->leads)))
        k->leads[k->nlead++] = (struct mon_lead){object, wants};
    else
        k->failed = true;
}

static const struct mon_leads *leads_of(struct mon_scanning *k,
                                        const struct g *g)
{
    struct mon_leads *of = &k->leads_of[g->slot];
    uint64_t before = k->marker.seen;
    void (*found)(void *, uint32_t, unsigned) = k->marker.found;

    if (of->asked)
        return of;
    of->asked = true;
    of->first = k->nlead;
    k->marker.found = found_lead;
    mon_marker_try(&k->marker);
    mon_mark_stack(&k->marker, g);
    mon_mark_others(&k->marker);
    mon_marker_undo(&k->marker);
    k->marker.found = found;
    k->maybe_seen += k->marker.seen - before;
    of->n = k->nlead - of->first;
    return of;
}

static void tell_leads(struct mon_scanning *k, const struct g *g)
{
    const struct mon_leads *of;

    if (k->maybe_seen + k->maybe_told >= MAYBE_WORDS) {
        k->maybes_cut = true;
        return;
    }
    of = leads_of(k, g);
    for (size_t n = of->first; n < of->first + of->n; n++) {
        unsigned wants =
            mon_scan_news(k, k->leads[n].object, k->leads[n].wants);

        if (wants)
            mon_holders_note(k, k->leads[n].object, wants, true);
    }
    k->maybe_told += of->n;
}

/* Into whose stacks the source points, but for its own. */
static void note_pointed(struct mon_scanning *k)
{
    const struct g *own = k->source == MON_GLOBALS ? NULL : k->s->gs[k->source];

    k->npointed = 0;
    for (size_t n = 0; n < k->marker.nothers; n++) {
        if (k->marker.others[n] == own)
            continue;
        if (rt_arena_grow(&k->scratch, &k->pointed, k->npointed,
                          &k->pointed_cap, sizeof(const struct g *)))
            k->pointed[k->npointed++] = k->marker.others[n];
        else
            k->failed = true;
    }
}

static void ask_one(struct mon_scanning *k, uint32_t source)
{
    k->ask++;
    k->source = source;
    mon_marker_try(&k->marker);
    mon_scan_source(k, source);
    note_pointed(k);
    mon_marker_undo(&k->marker);
    for (size_t n = 0; n < k->npointed && !k->failed; n++)
        tell_leads(k, k->pointed[n]);
}

/* By object; those of one object stay in the order of ids. */
static bool holders_sort(struct mon_scanning *k)
{
    uint32_t *first =
        rt_arena_alloc(&k->scratch, (k->in->nobject + 1) * sizeof(*first));
    struct mon_holder *sorted =
        rt_arena_alloc(k->arena, k->nholder * sizeof(*sorted));

    if (!first || !sorted)
        return false;
    for (size_t i = 0; i < k->nholder; i++)
        first[k->holders[i].object + 1]++;
    for (uint32_t o = 0; o < k->in->nobject; o++)
        first[o + 1] += first[o];
    for (size_t i = 0; i < k->nholder; i++)
        sorted[first[k->holders[i].object]++] = k->holders[i];
    k->holders = sorted;
    return true;
}

bool mon_holders_ask(struct mon_scanning *k)
{
    const struct mon_byid *byid = &k->graph->goroutines;
    uint64_t most = k->marker.seen + HOLDERS_WORDS;
    bool all = true;

    k->leads_of =
        rt_arena_alloc(&k->scratch, k->marker.nstack * sizeof(*k->leads_of));
    if (!k->leads_of) {
        k->failed = true;
        return false;
    }
    k->r = NULL;
    for (uint32_t n = 0; n < k->in->ngoroutine && all && !k->failed; n++) {
        uint32_t i = byid->index[n];

        if (!k->result.live[i])
            ask_one(k, i);
        all = k->marker.seen - k->maybe_seen < most;
    }
    if (!k->globals_done)
        ask_one(k, MON_GLOBALS);
    if (!holders_sort(k))
        k->failed = true;
    return all;
}

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
 * H2  Who points into a variable has all of it, and what that leads to, as he
 *     has of a block: its symbol tells where it ends. Where none does, nothing
 *     is said of him: too much lies around it. Nor of what leads to many: it is
 *     a table, of which each has his part, and to tell of all of them what all
 *     could do takes the square of their number. What leads on from there
 *     through a stack he may have. What a variable leads to is asked once.
 * H3  Variables matter only while nobody alive has come to the globals: what
 *     they lead to is alive otherwise, and told of nobody. And they only add to
 *     who is named: what is stuck was judged before by what the living reach,
 *     and of that nothing is asked here. So a ring that goes through a variable
 *     is one as through a block: each in it waits, and cannot go on, for one who
 *     is stuck too and holds what would end it, and nobody else that is known
 *     does (cycle.c C1). That a global holds it is told besides: whose code
 *     names the variable needs no pointer.
 */
#include "runtime/monitor/scan.h"

enum {
    HOLDERS_WORDS = 8 << 20, /* that are looked at for who holds what, */
    MAYBE_WORDS = 1 << 20,   /* and for who may; and leads that are told */
    MANY = 64,               /* leads of a variable: it is a table */
    TOLD = 4                 /* words that it takes to tell a lead */
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

static bool maybes_spent(const struct mon_scanning *k)
{
    return k->maybe_seen + k->maybe_told >= MAYBE_WORDS;
}

/* In a try, in which the stacks to begin with are noted. */
static void lead_by_stacks(struct mon_scanning *k)
{
    uint64_t before = k->marker.seen;

    if (k->marker.nothers && maybes_spent(k))
        k->maybes_cut = true;
    else
        mon_mark_others(&k->marker);
    k->maybe_seen += k->marker.seen - before;
}

/* H2. In a try. False: it is a table. */
static bool lead_by_variable(struct mon_scanning *k, struct mon_leads *of,
                             uint32_t variable)
{
    mon_mark_variable(&k->marker, variable);
    mon_mark_variables(&k->marker);
    of->sure = k->nlead - of->first;
    if (of->sure <= MANY)
        return true;
    k->nlead = of->first;
    of->sure = 0;
    return false;
}

/* H1, H2 */
static const struct mon_leads *leads_of(struct mon_scanning *k,
                                        const struct mon_pointed *p)
{
    struct mon_leads *of = p->g ? &k->leads_of[p->g->slot]
                                : &k->leads_of[k->marker.nstack + p->variable];
    void (*found)(void *, uint32_t, unsigned) = k->marker.found;

    if (of->asked)
        return of;
    of->asked = true;
    of->first = k->nlead;
    k->marker.found = found_lead;
    mon_marker_try(&k->marker);
    if (p->g)
        mon_marker_note(&k->marker, p->g);
    if (p->g || lead_by_variable(k, of, p->variable))
        lead_by_stacks(k);
    mon_marker_undo(&k->marker);
    k->marker.found = found;
    of->n = k->nlead - of->first;
    return of;
}

static void tell_lead(struct mon_scanning *k, size_t n, bool maybe)
{
    unsigned wants = mon_scan_news(k, k->leads[n].object, k->leads[n].wants);

    if (wants)
        mon_holders_note(k, k->leads[n].object, wants, maybe);
}

static void tell_sure(struct mon_scanning *k, const struct mon_pointed *p)
{
    const struct mon_leads *of = leads_of(k, p);

    for (size_t n = of->first; n < of->first + of->sure; n++)
        tell_lead(k, n, false);
    k->sure_told += of->sure;
}

static void tell_maybes(struct mon_scanning *k, const struct mon_pointed *p)
{
    const struct mon_leads *of = leads_of(k, p);

    if (of->n > of->sure && maybes_spent(k)) {
        k->maybes_cut = true;
        return;
    }
    for (size_t n = of->first + of->sure; n < of->first + of->n; n++)
        tell_lead(k, n, true);
    k->maybe_told += of->n - of->sure;
}

static void pointed_add(struct mon_scanning *k, const struct g *g,
                        uint32_t variable)
{
    if (rt_arena_grow(&k->scratch, &k->pointed, k->npointed, &k->pointed_cap,
                      sizeof(*k->pointed)))
        k->pointed[k->npointed++] = (struct mon_pointed){g, variable};
    else
        k->failed = true;
}

/* Into which variables and whose stacks the source points, but for its own. */
static void note_pointed(struct mon_scanning *k)
{
    const struct g *own = k->source == MON_GLOBALS ? NULL : k->s->gs[k->source];

    k->npointed = 0;
    for (size_t n = 0; n < k->marker.nmet; n++)
        pointed_add(k, NULL, k->marker.met_variables[n]);
    for (size_t n = 0; n < k->marker.nothers; n++)
        if (k->marker.others[n] != own)
            pointed_add(k, k->marker.others[n], 0);
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
        tell_sure(k, &k->pointed[n]);
    for (size_t n = 0; n < k->npointed && !k->failed; n++)
        tell_maybes(k, &k->pointed[n]);
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

/* H3 */
static bool open_places(struct mon_scanning *k)
{
    struct mon_variables v = {0};

    if (!k->globals_done &&
        mon_variables_list(&v, k->threads.skip, k->threads.nskip, &k->scratch))
        return false;
    k->leads_of = rt_arena_alloc(&k->scratch, (k->marker.nstack + v.n) *
                                                  sizeof(*k->leads_of));
    return mon_marker_variables(&k->marker, v) && k->leads_of;
}

bool mon_holders_ask(struct mon_scanning *k)
{
    const struct mon_byid *byid = &k->graph->goroutines;
    uint64_t most = k->marker.seen + HOLDERS_WORDS;
    bool all = true;

    k->failed |= !open_places(k);
    if (k->failed)
        return false;
    k->r = NULL;
    for (uint32_t n = 0; n < k->in->ngoroutine && all && !k->failed; n++) {
        uint32_t i = byid->index[n];

        if (!k->result.live[i])
            ask_one(k, i);
        all = k->marker.seen - k->maybe_seen + k->sure_told * TOLD < most;
    }
    mon_marker_variables(&k->marker, (struct mon_variables){0});
    if (!k->globals_done)
        ask_one(k, MON_GLOBALS);
    if (!holders_sort(k))
        k->failed = true;
    return all;
}

/*
 * certificate.c - who could have woken the stuck, and what became of each.
 *
 * In:  the graph and everybody's fate. Out: certificates, for the reports.
 *
 * Method: one certificate for each gate, made when its first stuck waiter
 * comes by; so a hundred thousand goroutines on one channel cost one.
 *
 * K1  It lists all that the graph knows of: every opener of an exact gate,
 *     with owners that ended; every holder, member and last user of another.
 * K2  It says "nobody else" only of exact gates, and of others when memory was
 *     scanned, and all who have or may have them are listed; "stuck or gone"
 *     when nothing moves any more; else nothing. Of who is alive it says
 *     nothing: a scan asks only what the stuck hold.
 * K3  Where the stuck and who is alive wait at one gate (a select has other
 *     cases), the stuck are asked first: theirs is a proof.
 */
#include "runtime/monitor/certificate.h"

#include <errno.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/horizon.h"
#include "runtime/monitor/sight.h"

struct making {
    const struct mon_graph *graph;
    const struct mon_certify *ask;
    const struct mon_sight *sight; /* NULL: not of this gate */
    struct rt_arena *arena;
    bool living; /* that wait at this gate */
};

/* Tells in w what became of goroutine id. */
static void tell_fate(const struct making *m, struct mon_waker *w, uint64_t id)
{
    const struct go_inspect *in = m->graph->in;
    uint32_t i = mon_byid_find(&m->graph->goroutines, id), e;

    w->id = id;
    w->goroutine = i;
    w->when = -1;
    w->fate = MON_FATE_GONE;
    if (i != GO_NOWHERE) {
        w->fate = m->ask->fate[i];
        w->name = in->goroutines[i].name;
        w->at = in->goroutines[i].site;
        if (w->fate == MON_FATE_TIMER)
            w->when = mon_horizon_of(in, i);
        return;
    }
    e = mon_byid_find(&m->graph->ended, id);
    if (e != GO_NOWHERE) {
        w->fate = MON_FATE_ENDED;
        w->name = in->ended[e].name;
        w->at = in->ended[e].site;
        w->when = in->ended[e].when;
    }
}

static void tell_opener(const struct making *m, struct mon_waker *w,
                        const struct mon_opener *o)
{
    const struct go_inspect *in = m->graph->in;
    const struct go_inspect_goroutine *g = &in->goroutines[o->goroutine];

    tell_fate(m, w, g->id);
    w->could = true;
    w->role = MON_ROLE_MEMBER;
    w->site = g->created;
    if (o->hold != GO_NOWHERE) {
        const struct go_inspect_hold *hold = &in->holds[o->hold];

        w->site = hold->site;
        w->role = hold->pending  ? MON_ROLE_PENDING
                  : hold->shared ? MON_ROLE_READS
                                 : MON_ROLE_HOLDS;
    }
}

/* Owners that ended, of a broken gate: how many; told from w on, if any. */
static uint32_t tell_abandoned(const struct making *m, struct mon_waker *w,
                               uint32_t gate)
{
    const struct go_inspect *in = m->graph->in;
    bool writers_only = gate % MON_SIDES == MON_SIDE_OWNER;
    uint32_t n = 0;

    for (uint32_t a = 0; a < in->nabandoned; a++) {
        const struct go_inspect_abandoned *left = &in->abandoned[a];

        if (left->object != mon_gate_object(gate) ||
            (left->shared && writers_only))
            continue;
        if (w) {
            tell_fate(m, &w[n], left->goroutine);
            w[n].could = true;
            w[n].role = MON_ROLE_LEFT_LOCKED;
            w[n].site = left->site;
        }
        n++;
    }
    return n;
}

static struct mon_waker *wakers_exact(const struct making *m, uint32_t gate,
                                      uint32_t *n)
{
    const struct mon_gate *k = &m->graph->gates[gate];
    uint32_t left = k->broken ? tell_abandoned(m, NULL, gate) : 0;
    struct mon_waker *w =
        rt_arena_alloc(m->arena, (size_t)(k->nopener + left) * sizeof(*w));

    *n = k->nopener + left;
    rt_check(*n, "certificate: K1: an exact gate is shut by nobody");
    if (!w)
        return NULL;
    for (uint32_t i = 0; i < k->nopener; i++)
        tell_opener(m, &w[i], &m->graph->openers[k->opener + i]);
    if (left)
        tell_abandoned(m, w + k->nopener, gate);
    return w;
}

/* Those that could come first, of these who only may last; then by id. */
static unsigned rank_of(const struct mon_waker *w)
{
    return !w->could ? 2 : w->role == MON_ROLE_MAY_KNOW;
}

static bool comes_before(const struct mon_waker *a, const struct mon_waker *b)
{
    if (rank_of(a) != rank_of(b))
        return rank_of(a) < rank_of(b);
    return a->id < b->id;
}

/* The wakers of a gate that is not exact, as they are met. */
struct listing {
    struct mon_waker *w;
    uint32_t n;
    uint32_t gate;
    enum go_want want;
};

static void list_add(struct listing *l, const struct mon_waker *one)
{
    uint32_t at = l->n++;

    for (; at && comes_before(one, &l->w[at - 1]); at--)
        l->w[at] = l->w[at - 1];
    l->w[at] = *one;
}

static bool is_holder(const struct mon_holder *h, const struct mon_holder *end,
                      uint32_t goroutine, bool maybe)
{
    for (; h < end; h++)
        if (h->goroutine == goroutine && h->maybe == maybe)
            return true;
    return false;
}

static bool has_none(const struct mon_holder *h, const struct mon_holder *end,
                     uint32_t goroutine)
{
    return !is_holder(h, end, goroutine, false) &&
           !is_holder(h, end, goroutine, true);
}

/* Nobody has what is not exact but those that are listed as such. */
static bool all_known(const struct making *m)
{
    return m->sight && m->sight->all_holders && !m->sight->maybes_cut;
}

/*
 * Those that used the object last, and what became of them. What a global holds
 * nobody has lost: who is stuck, but knows the global, would go on to it.
 */
static void list_users(const struct making *m, struct listing *l,
                       const struct mon_holder *h, const struct mon_holder *end)
{
    const struct go_inspect_object *o =
        &m->graph->in->objects[mon_gate_object(l->gate)];

    for (unsigned u = 0; u < o->nuse; u++) {
        struct mon_waker one = {.did = o->use[u].did, .role = MON_ROLE_LAST};
        bool waits;

        if (!o->use[u].by.goroutine)
            continue; /* nobody, or a thread that has no name */
        tell_fate(m, &one, o->use[u].by.goroutine);
        waits = one.goroutine != GO_NOWHERE &&
                mon_graph_waits_at(m->graph, one.goroutine, l->gate);
        one.site = o->use[u].by.site;
        one.could = mon_did_serves(one.did, l->want) && !waits;
        one.lost = all_known(m) && !waits && one.goroutine != GO_NOWHERE &&
                   has_none(h, end, one.goroutine) &&
                   has_none(h, end, MON_GLOBALS);
        list_add(l, &one);
    }
}

/* Among those that could for sure, which come first, by id. */
static bool is_listed(const struct listing *l, uint64_t id)
{
    uint32_t low = 0, high = l->n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (!rank_of(&l->w[mid]) && l->w[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < l->n && !rank_of(&l->w[low]) && l->w[low].id == id;
}

/* Those that their group counts down when they end, though others may too. */
static void list_members(const struct making *m, struct listing *l)
{
    const struct go_inspect *in = m->graph->in;
    uint32_t object = mon_gate_object(l->gate);
    uint32_t left = in->objects[object].members;

    for (uint32_t r = 0; r < in->ngoroutine && left; r++) {
        uint32_t i = m->graph->goroutines.index[r];
        const struct go_inspect_goroutine *g = &in->goroutines[i];
        struct mon_waker one = {.role = MON_ROLE_MEMBER, .could = true};

        if (g->member != object)
            continue;
        left--;
        if (is_listed(l, g->id) || mon_graph_waits_at(m->graph, i, l->gate))
            continue;
        tell_fate(m, &one, g->id);
        one.site = g->created;
        list_add(l, &one);
    }
}

/* Those that have a handle by which they could do what is wanted, or may. */
static void list_holders(const struct making *m, struct listing *l,
                         const struct mon_holder *h,
                         const struct mon_holder *end, bool maybe)
{
    const struct go_inspect *in = m->graph->in;

    for (; h < end; h++) {
        struct mon_waker one = {
            .role = maybe ? MON_ROLE_MAY_KNOW : MON_ROLE_KNOWS, .could = true};

        if (h->maybe != maybe || h->goroutine == MON_GLOBALS ||
            !(h->wants & MON_WANT(l->want)) ||
            is_listed(l, in->goroutines[h->goroutine].id) ||
            mon_graph_waits_at(m->graph, h->goroutine, l->gate))
            continue;
        tell_fate(m, &one, in->goroutines[h->goroutine].id);
        list_add(l, &one);
    }
}

static struct mon_waker *wakers_known(const struct making *m, uint32_t gate,
                                      struct mon_certificate *c)
{
    uint32_t object = mon_gate_object(gate);
    const struct go_inspect_object *o = &m->graph->in->objects[object];
    const struct mon_holder *h, *end;
    struct listing l = {.gate = gate, .want = c->want};

    mon_sight_holders(m->sight, object, &h, &end);
    l.w = rt_arena_alloc(m->arena, ((size_t)(end - h) + o->nuse + o->members) *
                                       sizeof(*l.w));
    if (l.w && !o->disowned) {
        list_users(m, &l, h, end);
        list_members(m, &l);
        list_holders(m, &l, h, end, false);
        list_holders(m, &l, h, end, true);
    }
    c->global = is_holder(h, end, MON_GLOBALS, false);
    c->global_may = !c->global && is_holder(h, end, MON_GLOBALS, true);
    c->nwaker = l.n;
    return l.w;
}

/* K2 */
static enum mon_rest rest_of(const struct making *m, uint32_t gate)
{
    const struct go_inspect_object *o =
        &m->graph->in->objects[mon_gate_object(gate)];

    if (o->kind == GO_KIND_GONE) /* of which nothing is known */
        return m->living ? MON_REST_UNKNOWN : MON_REST_ALL_ASLEEP;
    if (o->disowned)
        return MON_REST_NOBODY;
    if (m->graph->gates[gate].exact || all_known(m))
        return MON_REST_NOBODY;
    return !m->living && (m->ask->all_asleep || m->sight) ? MON_REST_ALL_ASLEEP
                                                          : MON_REST_UNKNOWN;
}

static bool is_alive(enum mon_fate fate)
{
    return fate != MON_FATE_STUCK && fate != MON_FATE_ENDED &&
           fate != MON_FATE_GONE;
}

static bool names_alive(const struct mon_certificate *c)
{
    for (uint32_t i = 0; i < c->nwaker; i++)
        if (c->wakers[i].could && is_alive((enum mon_fate)c->wakers[i].fate))
            return true;
    return false;
}

static const struct mon_certificate *make(const struct making *m, uint32_t gate,
                                          enum go_want want)
{
    const struct mon_gate *k = &m->graph->gates[gate];
    struct mon_certificate *c = rt_arena_alloc(m->arena, sizeof(*c));

    if (!c)
        return NULL;
    rt_check(!k->free, "certificate: stuck at a gate that is free");
    c->object = mon_gate_object(gate);
    c->want = want;
    c->all_needed = k->exact;
    c->rest = rest_of(m, gate);
    c->wakers =
        k->exact ? wakers_exact(m, gate, &c->nwaker) : wakers_known(m, gate, c);
    if (!c->wakers)
        return NULL;
    c->names_alive = names_alive(c);
    return c;
}

/* Of the waits of whom, but where nobody's help is wanted. */
static int certify(const struct making *m, const uint8_t *whom,
                   const struct mon_certificate **of_gate,
                   const struct mon_certificate **of_wait)
{
    const struct mon_graph *graph = m->graph;

    for (uint32_t w = 0; w < graph->in->nwait; w++) {
        uint32_t gate = graph->gate_of[w], who = graph->waits_of[w];

        if (who == GO_NOWHERE || gate == GO_NOWHERE || !whom[who] ||
            (m->living && graph->gates[gate].free))
            continue;
        if (!of_gate[gate])
            of_gate[gate] = make(m, gate, graph->in->waits[w].want);
        if (!of_gate[gate])
            return -ENOMEM;
        of_wait[w] = of_gate[gate];
    }
    return 0;
}

int mon_certificate_build(const struct mon_certify *ask, struct rt_arena *arena,
                          const struct mon_certificate *const **certificates)
{
    const struct mon_graph *graph = ask->graph;
    struct making m = {.graph = graph, .ask = ask, .arena = arena};
    const struct mon_certificate **of_gate, **of_wait;

    of_gate = rt_arena_alloc(arena, graph->ngate * sizeof(*of_gate));
    of_wait = rt_arena_alloc(arena, graph->in->nwait * sizeof(*of_wait));
    if (!of_gate || !of_wait)
        return -ENOMEM;
    for (int living = 0; living <= 1; living++) { /* K3 */
        m.living = living;
        m.sight = living ? NULL : ask->sight;
        if (certify(&m, living ? ask->alive : ask->stuck, of_gate, of_wait))
            return -ENOMEM;
    }
    *certificates = of_wait;
    return 0;
}

/*
 * brute.c - small random worlds, and which goroutines in them are stuck, by
 * brute force.
 *
 * Worlds are consistent where the graph relies on it: a lock is held by one
 * writer or by readers, and a pending writer waits for that lock alone.
 */
#include "tests/brute.h"

#include <string.h>

static bool chance(struct rt_rng *r, uint32_t percent)
{
    return rt_rng_below(r, 100) < percent;
}

static void random_object(struct brute *w, struct rt_rng *r)
{
    static const uint8_t kinds[] = {
        GO_KIND_CHAN,      GO_KIND_CHAN, GO_KIND_MUTEX,    GO_KIND_RWMUTEX,
        GO_KIND_WAITGROUP, GO_KIND_ONCE, GO_KIND_ERRGROUP, GO_KIND_SEMAPHORE};
    uint8_t kind = kinds[rt_rng_below(r, sizeof(kinds))];
    uint32_t o = made_object(&w->m, kind, "o");
    bool group = kind == GO_KIND_WAITGROUP || kind == GO_KIND_ERRGROUP;

    if (group)
        w->m.o[o].exact = chance(r, 80);
    if (kind == GO_KIND_CHAN) {
        w->m.o[o].closed = chance(r, 4);
        w->m.o[o].armed = chance(r, 4);
    }
}

/* One that waits on n objects; n > 1 is a select over channels. */
static void random_waiter(struct brute *w, struct rt_rng *r, uint32_t g)
{
    uint32_t n = chance(r, 25) ? 2 + rt_rng_below(r, 2) : 1;

    w->m.g[g].reason = GO_WAIT_SELECT;
    while (n--) {
        uint32_t o = rt_rng_below(r, w->m.in.nobject);
        bool is_chan = w->m.o[o].kind == GO_KIND_CHAN;

        if (chance(r, 5))
            o = GO_NOWHERE;
        made_wait(&w->m, g, o,
                  is_chan && chance(r, 40) ? GO_WANT_RECV : GO_WANT_SEND);
        if (o != GO_NOWHERE)
            w->m.wait_given[w->m.in.nwait - 1].shared =
                w->m.o[o].kind == GO_KIND_RWMUTEX && chance(r, 50);
    }
    if (chance(r, 3))
        w->m.g[g].until = 1000;
}

static void leave_locked(struct made *m, uint32_t o, bool shared)
{
    m->o[o].len += shared;
    m->a[m->in.nabandoned].object = o;
    m->a[m->in.nabandoned++].shared = shared;
}

/* One of the writers that wait for o, which then waits for it alone. */
static void random_pending(struct made *m, struct rt_rng *r, uint32_t o)
{
    for (uint32_t i = 0; i < m->in.nwait; i++) {
        uint32_t g = m->wait_of[i];

        if (m->wait_given[i].object != o || m->wait_given[i].shared ||
            m->g[g].until >= 0 || chance(r, 20))
            continue;
        for (uint32_t k = 0; k < m->in.nwait; k++)
            if (m->wait_of[k] == g)
                m->wait_given[k] = m->wait_given[i];
        made_hold(m, g, o)->pending = 1;
        return;
    }
}

/* Locks are held as locks can be: by a writer alone, or by readers. */
static void random_holds(struct made *m, struct rt_rng *r, uint32_t o)
{
    bool left = chance(r, 10);

    if (m->o[o].kind != GO_KIND_RWMUTEX || chance(r, 40)) {
        if (left)
            leave_locked(m, o, false);
        else if (chance(r, 85))
            made_hold(m, rt_rng_below(r, m->in.ngoroutine), o);
        return;
    }
    if (left)
        leave_locked(m, o, true);
    for (uint32_t g = 0; g < m->in.ngoroutine; g++)
        if (chance(r, 40)) {
            made_hold(m, g, o)->shared = 1;
            m->o[o].len++;
        }
    random_pending(m, r, o);
}

void brute_world(struct brute *w, uint64_t seed)
{
    struct rt_rng rng = {seed}, *r = &rng;
    struct made *m = &w->m;
    uint32_t objects = 1 + rt_rng_below(r, BRUTE_MAX_O), n;

    memset(w, 0, sizeof(*w));
    made_new(m);
    for (n = 0; n < objects; n++)
        random_object(w, r);
    for (n = 1 + rt_rng_below(r, BRUTE_MAX_G); n > 0; n--) {
        uint32_t g = made_g(m, chance(r, 85) ? GO_WAIT_SELECT : GO_WAIT_NONE);

        m->g[g].system = chance(r, 6);
        m->g[g].proven = m->g[g].state == GO_STATE_WAITING && chance(r, 3);
        if (m->g[g].state == GO_STATE_WAITING)
            random_waiter(w, r, g);
        if (chance(r, 40))
            m->g[g].member = rt_rng_below(r, objects);
    }
    for (n = 0; n < objects; n++)
        if (m->o[n].exact && m->o[n].kind != GO_KIND_WAITGROUP &&
            m->o[n].kind != GO_KIND_ERRGROUP)
            random_holds(m, r, n);
    m->in.foreign_life = chance(r, 3);
    if (chance(r, 4))
        m->t[m->in.ntimer++] = (struct go_inspect_timer){
            .object = GO_NOWHERE, .goroutine = GO_NOWHERE, .calls = 1};
    w->matrix = chance(r, 60);
    for (n = 0; n < objects; n++) {
        w->root[n] = chance(r, 15) ? 1 + rt_rng_below(r, 3) : 0;
        w->outside[n] = chance(r, 4) ? 1 + rt_rng_below(r, 3) : 0;
        for (uint32_t g = 0; g < BRUTE_MAX_G; g++)
            w->reach[g][n] = chance(r, 30) ? 1 + rt_rng_below(r, 3) : 0;
    }
    made_done(m);
}

static bool in_set(const struct brute *w, unsigned set, uint32_t g)
{
    return w->m.g[g].system || (set >> g & 1) ||
           (w->m.g[g].proven && w->dropped != RULE_PROVEN);
}

/* Anything at all outside the set runs, or will. */
static bool some_life(const struct brute *w, unsigned set)
{
    bool life = w->m.in.foreign_life || w->m.in.ntimer;

    for (uint32_t g = 0; g < w->m.in.ngoroutine; g++)
        life |= !in_set(w, set, g);
    return life;
}

/* Somebody outside the set, or a root, could do the other half. */
static bool reached(const struct brute *w, unsigned set,
                    const struct go_inspect_wait *v)
{
    unsigned half = v->want == GO_WANT_RECV ? 2 : 1;
    bool root = w->m.in.foreign_life || w->m.in.ntimer;

    if (w->dropped == RULE_WANT)
        half = 3;
    if (!w->matrix && root && w->dropped != RULE_ROOTS)
        return true;
    if (w->matrix && w->dropped != RULE_OUTSIDE &&
        (w->outside[v->object] & half))
        return true;
    if (w->matrix && (w->root[v->object] & half) &&
        (w->dropped == RULE_GLOBALS || some_life(w, set)))
        return true;
    for (uint32_t g = 0; g < w->m.in.ngoroutine; g++) {
        bool mover = !in_set(w, set, g) ||
                     (w->dropped == RULE_SYSTEM && w->m.g[g].system &&
                      w->m.g[g].state == GO_STATE_RUNNING);

        if (mover && (!w->matrix || w->dropped == RULE_REACH ||
                      (w->reach[g][v->object] & half)))
            return true;
    }
    return false;
}

static bool left_locked(const struct brute *w, const struct go_inspect_wait *v)
{
    for (uint32_t a = 0; a < w->m.in.nabandoned; a++)
        if (w->m.a[a].object == v->object && (!v->shared || !w->m.a[a].shared))
            return w->dropped != RULE_ABANDONED;
    return false;
}

/* Everybody in the way of this lock wait is outside the set. */
static bool unlocked(const struct brute *w, unsigned set, uint32_t g,
                     const struct go_inspect_wait *v)
{
    uint32_t stuck = 0, in_the_way = 0;

    for (uint32_t i = 0; i < w->m.in.nhold; i++) {
        const struct go_inspect_hold *h = &w->m.hold_given[i];
        uint32_t by = w->m.hold_of[i];

        if (h->object != v->object || w->m.g[by].system ||
            (h->pending && by == g) || (v->shared && h->shared) ||
            (v->shared && h->pending && w->dropped == RULE_PENDING))
            continue;
        in_the_way++;
        stuck += in_set(w, set, by);
    }
    if (left_locked(w, v))
        return false;
    if (w->dropped == RULE_FREE && !in_the_way)
        return false;
    return w->dropped == RULE_ALL_READERS && in_the_way > 1 ? stuck < in_the_way
                                                            : stuck == 0;
}

static bool counted_down(const struct brute *w, unsigned set, uint32_t object)
{
    uint32_t stuck = 0, members = 0;

    for (uint32_t g = 0; g < w->m.in.ngoroutine; g++) {
        if (w->m.g[g].member != object || w->m.g[g].system)
            continue;
        members++;
        stuck += in_set(w, set, g);
    }
    return w->dropped == RULE_ALL_MEMBERS && members ? stuck < members
                                                     : stuck == 0;
}

static bool wait_may_end(const struct brute *w, unsigned set, uint32_t g,
                         const struct go_inspect_wait *v)
{
    const struct go_inspect_object *o;

    if (v->object == GO_NOWHERE)
        return false;
    o = &w->m.o[v->object];
    if (o->exact &&
        (o->kind == GO_KIND_WAITGROUP || o->kind == GO_KIND_ERRGROUP))
        return counted_down(w, set, v->object);
    if (o->exact)
        return unlocked(w, set, g, v);
    if ((o->armed && w->dropped != RULE_TIMER) ||
        (o->closed && w->dropped != RULE_CLOSED))
        return true;
    return reached(w, set, v);
}

static bool could_move(const struct brute *w, unsigned set, uint32_t i)
{
    const struct go_inspect_goroutine *g = &w->m.g[i];
    uint32_t ends = 0;

    if (g->proven && w->dropped != RULE_PROVEN)
        return false;
    if (g->state != GO_STATE_WAITING ||
        (g->until >= 0 && w->dropped != RULE_TIMER))
        return true;
    for (uint32_t v = g->wait; v < g->wait + g->nwait; v++)
        ends += wait_may_end(w, set, i, &w->m.w[v]);
    return w->dropped == RULE_SELECT ? ends == g->nwait : ends > 0;
}

/* The union of all sets of which no member could move. */
unsigned brute_judge(const struct brute *w)
{
    unsigned answer = 0;

    for (unsigned set = 1; set < 1u << w->m.in.ngoroutine; set++) {
        bool stuck = true;

        for (uint32_t g = 0; stuck && g < w->m.in.ngoroutine; g++)
            if (set >> g & 1)
                stuck = !w->m.g[g].system && !could_move(w, set, g);
        if (stuck)
            answer |= set;
    }
    return answer;
}

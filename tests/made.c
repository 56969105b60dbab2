/* made.c - made-up snapshots for the tests of the graph and the reports. */
#include "tests/made.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct go_site main_site = {"/src/app.c", "app", "&wg", NULL, 31};
static const struct go_site go_site = {"/src/app.c", "app", "worker", NULL, 17};
static const struct go_site lock_site = {"/src/app.c", "worker", "&m", NULL,
                                         25};

void made_new(struct made *m)
{
    memset(m, 0, sizeof(*m));
    m->in.goroutines = m->g;
    m->in.objects = m->o;
    m->in.waits = m->w;
    m->in.holds = m->h;
    m->in.timers = m->t;
    m->in.ended = m->e;
    m->in.abandoned = m->a;
    m->in.limits = m->l;
    m->in.now = 100;
    m->in.procs = 1;
    m->in.seed = 7;
}

void made_free(struct made *m)
{
    rt_arena_free(&m->arena);
}

uint32_t made_g(struct made *m, enum go_wait_reason reason)
{
    uint32_t i = m->in.ngoroutine++;
    struct go_inspect_goroutine *g = &m->g[i];

    cr_assert(i < MADE_MAX);
    g->id = i + 1;
    g->state = reason ? GO_STATE_WAITING : GO_STATE_RUNNING;
    g->reason = (uint8_t)reason;
    g->member = GO_NOWHERE;
    g->until = -1;
    g->since = 10;
    g->site = i ? &lock_site : &main_site;
    g->created = i ? &go_site : NULL;
    g->created_by = i ? 1 : 0;
    return i;
}

uint32_t made_object(struct made *m, enum go_kind kind, const char *name)
{
    uint32_t i = m->in.nobject++;

    cr_assert(i < MADE_MAX);
    m->o[i].kind = (uint8_t)kind;
    m->o[i].exact = kind == GO_KIND_MUTEX || kind == GO_KIND_RWMUTEX ||
                    kind == GO_KIND_ONCE;
    m->o[i].id = i + 1;
    m->o[i].name = name;
    m->o[i].armed_until = -1;
    m->o[i].born = &main_site;
    return i;
}

void made_wait(struct made *m, uint32_t g, uint32_t object, enum go_want want)
{
    uint32_t i = m->in.nwait++;

    cr_assert(i < MADE_MAX);
    m->wait_of[i] = g;
    m->wait_given[i].object = object;
    m->wait_given[i].want = (uint8_t)want;
    m->wait_given[i].site = m->g[g].site;
}

struct go_inspect_hold *made_hold(struct made *m, uint32_t g, uint32_t object)
{
    uint32_t i = m->in.nhold++;

    cr_assert(i < MADE_MAX);
    m->hold_of[i] = g;
    m->hold_given[i].object = object;
    m->hold_given[i].site = &lock_site;
    return &m->hold_given[i];
}

void made_use(struct made *m, uint32_t object, uint64_t id, enum go_did did)
{
    struct go_inspect_object *o = &m->o[object];

    cr_assert(o->nuse < GO_INSPECT_USES);
    o->use[o->nuse].by.goroutine = id;
    o->use[o->nuse].by.site = &lock_site;
    o->use[o->nuse++].did = (uint8_t)did;
}

struct go_inspect *made_done(struct made *m)
{
    uint32_t w = 0, h = 0;

    for (uint32_t g = 0; g < m->in.ngoroutine; g++) {
        m->g[g].wait = w;
        m->g[g].hold = h;
        for (uint32_t i = 0; i < m->in.nwait; i++)
            if (m->wait_of[i] == g)
                m->w[w++] = m->wait_given[i];
        for (uint32_t i = 0; i < m->in.nhold; i++)
            if (m->hold_of[i] == g)
                m->h[h++] = m->hold_given[i];
        m->g[g].nwait = w - m->g[g].wait;
        m->g[g].nhold = h - m->g[g].hold;
    }
    return &m->in;
}

void made_find(struct made *m, struct mon_findings *f)
{
    cr_assert(mon_find(made_done(m), NULL, &m->arena, f) == 0);
}

uint32_t made_locker(struct made *m, uint32_t mutex)
{
    uint32_t g = made_g(m, GO_WAIT_MUTEX);

    made_wait(m, g, mutex, GO_WANT_UNLOCK);
    return g;
}

void made_ring(struct made *m, uint32_t n)
{
    made_new(m);
    for (uint32_t i = 0; i < n; i++)
        made_object(m, GO_KIND_MUTEX, "m");
    for (uint32_t i = 0; i < n; i++) {
        made_locker(m, (i + n - 1) % n);
        made_hold(m, i, i);
    }
}

void made_abba(struct made *m)
{
    uint32_t main_g, one, two, a, b, wg;

    made_new(m);
    wg = made_object(m, GO_KIND_WAITGROUP, "wg");
    a = made_object(m, GO_KIND_MUTEX, "a");
    b = made_object(m, GO_KIND_MUTEX, "b");
    m->o[wg].exact = 1;
    main_g = made_g(m, GO_WAIT_WAITGROUP);
    made_wait(m, main_g, wg, GO_WANT_DONE);
    one = made_locker(m, b);
    two = made_locker(m, a);
    made_hold(m, one, a);
    made_hold(m, two, b);
    m->g[one].member = m->g[two].member = wg;
}

/*
 * program.c - makes small random programs.
 *
 * Method: a program draws two or three families of operations, so that its
 * few objects are used often and meet each other; then its tasks' lengths,
 * again and again until the interleavings of their points are few enough to
 * be counted out; then the operations. What has to come in pairs (locks, the
 * body of a once) is put in as pairs.
 */
#include "tests/oracle/program.h"

#include <string.h>

#include "runtime/base/rng.h"

enum {
    POINTS = 6, /* of a task */
    SPAWNS = 2, /* of a task, put in last */
};

struct family {
    uint8_t n;
    uint8_t verb[6];
};

static const struct family families[] = {
    {3, {V_LOCK, V_LOCK, V_TRYLOCK}},
    {2, {V_LOCK, V_LOCK}},
    {4, {V_WLOCK, V_RLOCK, V_TRYWLOCK, V_TRYRLOCK}},
    {2, {V_WLOCK, V_RLOCK}},
    {2, {V_SEND, V_RECV}},
    {5, {V_SEND, V_RECV, V_TRYSEND, V_TRYRECV, V_CLOSE}},
    {5, {V_SEND, V_RECV, V_SELECT, V_CLOSE, V_SELECT}},
    {6, {V_SEND, V_RECV, V_TRYSEND, V_TRYRECV, V_SELECT, V_LEN}},
    {3, {V_SELECT, V_SELECT, V_SEND}},
    {4, {V_ADD, V_DONE, V_WAIT, V_DONE}},
    {4, {V_COND_WAIT, V_SIGNAL, V_BROADCAST, V_COND_WAIT}},
    {3, {V_ACQUIRE, V_RELEASE, V_ACQUIRE}},
    {4, {V_ACQUIRE, V_RELEASE, V_TRYACQUIRE, V_RELEASE}},
    {3, {V_ONCE, V_SEND, V_ONCE}},
    {2, {V_BARRIER, V_BARRIER}},
    {6, {V_CANCEL, V_ERR, V_SELECT, V_DERIVE, V_RECV, V_CANCEL}},
    {4, {V_SLEEP, V_AFTER, V_TICKS, V_SLEEP}},
    {5, {V_STOP, V_RESET, V_SLEEP, V_RECV, V_SELECT}},
    {5, {V_LOAD, V_STORE, V_SWAP, V_BUMP, V_CAS}},
    {2, {V_YIELD, V_CHOOSE}},
};

enum {
    FAMILIES = sizeof(families) / sizeof(*families),
    MIXED = 3,
};

/* What is being made. */
struct making {
    struct program *p;
    struct rt_rng rng;
    const struct family *family[MIXED];
    unsigned nfamily;
    bool derived; /* context 2 has its task */
};

static unsigned below(struct making *m, unsigned n)
{
    return rt_rng_below(&m->rng, n);
}

static bool one_in(struct making *m, unsigned n)
{
    return below(m, n) == 0;
}

/* ---- sizes ---------------------------------------------------------------*/

/* In how many orders so many points of each task can come. */
static double orders(const unsigned *points, unsigned n)
{
    double all = 1;
    unsigned sum = 0;

    for (unsigned t = 0; t < n; t++)
        for (unsigned i = 1; i <= points[t]; i++)
            all = all * ++sum / i;
    return all;
}

static void draw_sizes(struct making *m, unsigned *points, uint64_t most)
{
    unsigned n = 2 + !one_in(m, 3);

    m->p->ntask = (uint8_t)n;
    do
        for (unsigned t = 0; t < n; t++)
            points[t] = below(m, t ? POINTS : POINTS - 1) + (t > 0);
    while (orders(points, n) > (double)most);
}

/* ---- operations ----------------------------------------------------------*/

static struct op *append(struct making *m, unsigned t, enum verb v)
{
    struct program *p = m->p;
    struct op *o = &p->op[t][p->nop[t]++];

    *o = (struct op){.verb = (uint8_t)v};
    return o;
}

static void insert(struct making *m, unsigned t, unsigned at, enum verb v,
                   uint8_t a)
{
    struct program *p = m->p;

    memmove(&p->op[t][at + 1], &p->op[t][at],
            (p->nop[t] - at) * sizeof(struct op));
    p->nop[t]++;
    p->op[t][at] = (struct op){.verb = (uint8_t)v, .a = a};
}

static bool has_family(const struct making *m, enum verb v)
{
    for (unsigned f = 0; f < m->nfamily; f++)
        for (unsigned i = 0; i < m->family[f]->n; i++)
            if (m->family[f]->verb[i] == v)
                return true;
    return false;
}

/* A channel to receive from; those of timers and contexts only where such
   things happen. */
static uint8_t draw_source(struct making *m)
{
    if (one_in(m, 40))
        return PLACE_NIL;
    if (has_family(m, V_RESET) && one_in(m, 2))
        return PLACE_TIMER;
    if (has_family(m, V_CANCEL) && one_in(m, 2))
        return (uint8_t)(PLACE_DONE + below(m, 2));
    return (uint8_t)(PLACE_A + (below(m, 3) == 0));
}

static uint8_t draw_channel(struct making *m)
{
    return one_in(m, 60) ? PLACE_NIL : (uint8_t)(PLACE_A + (below(m, 3) == 0));
}

static void draw_cases(struct making *m, struct op *o)
{
    o->ncase = (uint8_t)(1 + below(m, CASES));
    o->otherwise = one_in(m, 3);
    for (unsigned k = 0; k < o->ncase; k++) {
        o->way[k].send = one_in(m, 2);
        o->way[k].place = o->way[k].send ? draw_channel(m) : draw_source(m);
    }
}

/* The end of what v began, somewhere behind it, or never. */
static void pair(struct making *m, unsigned t, enum verb end, uint8_t a)
{
    unsigned n = m->p->nop[t];

    if (n < OPS - SPAWNS && !one_in(m, 8))
        insert(m, t, n, end, a);
}

/* Behind an unlock that was put last, sometimes: longer critical sections. */
static void draw_later(struct making *m, unsigned t)
{
    struct op *o = m->p->op[t], swap;
    unsigned n = m->p->nop[t];

    if (n < 2 || !one_in(m, 2))
        return;
    if (o[n - 2].verb != V_UNLOCK && o[n - 2].verb != V_WUNLOCK &&
        o[n - 2].verb != V_RUNLOCK)
        return;
    swap = o[n - 1];
    o[n - 1] = o[n - 2];
    o[n - 2] = swap;
}

static void fill_lock(struct making *m, unsigned t, struct op *o)
{
    switch ((enum verb)o->verb) {
    case V_LOCK:
    case V_TRYLOCK:
        o->a = (uint8_t)below(m, MUTEXES);
        pair(m, t, V_UNLOCK, o->a);
        break;
    case V_WLOCK:
    case V_TRYWLOCK:
        pair(m, t, V_WUNLOCK, 0);
        break;
    case V_RLOCK:
    case V_TRYRLOCK:
        pair(m, t, V_RUNLOCK, 0);
        break;
    case V_COND_WAIT:
        insert(m, t, m->p->nop[t] - 1u, V_LOCK, 0);
        pair(m, t, V_UNLOCK, 0);
        break;
    default:
        break;
    }
}

/* What else an operation needs to know. */
static void fill(struct making *m, unsigned t, struct op *o)
{
    switch ((enum verb)o->verb) {
    case V_SEND:
    case V_TRYSEND:
    case V_CLOSE:
    case V_LEN:
        o->a = draw_channel(m);
        break;
    case V_RECV:
    case V_TRYRECV:
        o->a = draw_source(m);
        break;
    case V_SELECT:
        draw_cases(m, o);
        break;
    case V_ADD:
    case V_TICKS:
        o->a = 1 + (one_in(m, 4));
        break;
    case V_ACQUIRE:
    case V_TRYACQUIRE:
    case V_RELEASE:
        o->a = 1 + (one_in(m, 3));
        break;
    case V_CANCEL:
    case V_ERR:
        o->a = (uint8_t)below(m, 2);
        break;
    case V_SLEEP:
    case V_AFTER:
    case V_RESET:
        o->a = (uint8_t)(1 + below(m, 3));
        break;
    case V_LOAD:
    case V_STORE:
    case V_SWAP:
    case V_BUMP:
    case V_CAS:
        o->a = (uint8_t)(below(m, 3) == 0);
        o->b = (uint8_t)below(m, 3);
        break;
    case V_CHOOSE:
        o->a = (uint8_t)(2 + one_in(m, 4));
        break;
    default:
        fill_lock(m, t, o);
        break;
    }
}

/* Context 2 belongs to one task, which then looks at it. */
static bool draw_derived(struct making *m, unsigned t)
{
    struct op *o;

    if (m->derived)
        return false;
    m->derived = true;
    o = append(m, t, V_DERIVE);
    o->a = (uint8_t)below(m, 2);
    o = append(m, t, one_in(m, 2) ? V_ERR : V_TRYRECV);
    o->a = o->verb == V_ERR ? 2 : PLACE_DONE + 2;
    return true;
}

static void draw_op(struct making *m, unsigned t)
{
    const struct family *f = m->family[below(m, m->nfamily)];
    enum verb v = f->verb[below(m, f->n)];

    if (v == V_DERIVE) {
        if (draw_derived(m, t))
            return;
        v = V_ERR;
    }
    fill(m, t, append(m, t, v));
    draw_later(m, t);
}

/* Points that the program has; the rest is done with the one before. */
static bool is_point(enum verb v)
{
    return v != V_UNLOCK && v != V_WUNLOCK && v != V_RUNLOCK &&
           v != V_RELEASE && v != V_DONE && v != V_ONCE_END;
}

static unsigned points_of(const struct program *p, unsigned t)
{
    unsigned n = 0;

    for (unsigned i = 0; i < p->nop[t]; i++)
        n += is_point((enum verb)p->op[t][i].verb);
    return n;
}

static void draw_ops(struct making *m, unsigned t, unsigned points)
{
    while (points_of(m->p, t) < points && m->p->nop[t] < OPS - SPAWNS - 2)
        draw_op(m, t);
}

/* A once has its end right behind it, or one operation in between. */
static void close_onces(struct making *m, unsigned t)
{
    struct program *p = m->p;

    for (unsigned i = 0; i < p->nop[t]; i++) {
        unsigned end = i + 1;

        if (p->op[t][i].verb != V_ONCE)
            continue;
        if (p->nop[t] >= OPS - SPAWNS) {
            p->op[t][i] = (struct op){.verb = V_YIELD};
            continue;
        }
        if (end < p->nop[t] && p->op[t][end].verb != V_ONCE && one_in(m, 2))
            end++;
        insert(m, t, end, V_ONCE_END, 0);
        i = end;
    }
}

/* Who starts t, and how. */
static void draw_spawn(struct making *m, unsigned t)
{
    struct program *p = m->p;
    unsigned by = t > 1 && one_in(m, 3) ? below(m, t) : 0, at = 0;
    enum verb v = V_SPAWN;

    while (at < p->nop[by] &&
           (p->op[by][at].verb == V_SPAWN || p->op[by][at].verb == V_MEMBER))
        at++;
    if (one_in(m, 4))
        at = below(m, p->nop[by] + 1u);
    while (at > 0 && p->op[by][at - 1].verb == V_ONCE)
        at--;
    if (has_family(m, V_WAIT) && one_in(m, 2))
        v = V_MEMBER;
    else if (has_family(m, V_SLEEP) && one_in(m, 4))
        v = V_LATER;
    insert(m, by, at, v, (uint8_t)t);
    p->op[by][at].b = (uint8_t)(1 + below(m, 3));
}

static void draw_objects(struct making *m)
{
    struct program *p = m->p;

    for (int i = 0; i < 2; i++) {
        p->cap[i] = (uint8_t)(below(m, 4) > 1 ? below(m, 3) : 0);
        if (has_family(m, V_CANCEL) && one_in(m, 4))
            p->within[i] = (uint8_t)(1 + below(m, 3));
    }
    p->units = (uint8_t)below(m, 4);
    p->count = (uint8_t)(one_in(m, 2) ? below(m, 3) : 0);
    p->timer = (uint8_t)(1 + below(m, 3));
}

void program_make(struct program *p, uint64_t seed, uint64_t most)
{
    struct making m = {.p = p, .rng = {seed * 0x9e3779b97f4a7c15ull + 1}};
    unsigned points[TASKS];

    memset(p, 0, sizeof(*p));
    p->seed = seed;
    m.nfamily = 1 + below(&m, MIXED);
    for (unsigned f = 0; f < m.nfamily; f++)
        m.family[f] = &families[below(&m, FAMILIES)];
    draw_objects(&m);
    draw_sizes(&m, points, most);
    for (unsigned t = 0; t < p->ntask; t++) {
        draw_ops(&m, t, points[t]);
        close_onces(&m, t);
    }
    for (unsigned t = 1; t < p->ntask; t++)
        draw_spawn(&m, t);
}

bool program_has(const struct program *p, enum verb v)
{
    for (unsigned t = 0; t < p->ntask; t++)
        for (unsigned i = 0; i < p->nop[t]; i++)
            if (p->op[t][i].verb == v)
                return true;
    return false;
}

bool program_receives(const struct program *p, unsigned low, unsigned high)
{
    for (unsigned t = 0; t < p->ntask; t++)
        for (unsigned i = 0; i < p->nop[t]; i++) {
            const struct op *o = &p->op[t][i];

            if ((o->verb == V_RECV || o->verb == V_TRYRECV) && o->a >= low &&
                o->a <= high)
                return true;
            for (unsigned k = 0; k < o->ncase; k++)
                if (!o->way[k].send && o->way[k].place >= low &&
                    o->way[k].place <= high)
                    return true;
        }
    return false;
}

bool program_waits(const struct program *p)
{
    static const enum verb waits[] = {V_SLEEP, V_AFTER, V_TICKS,
                                      V_STOP,  V_RESET, V_LATER};

    for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++)
        if (program_has(p, waits[i]))
            return true;
    return p->within[0] || p->within[1] ||
           program_receives(p, PLACE_TIMER, PLACE_TIMER);
}

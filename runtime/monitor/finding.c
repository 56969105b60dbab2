/*
 * finding.c - put together what a look found.
 *
 * In:  a snapshot, and who may reach what. Out: findings, for every reporter;
 * detection ends here, and nothing after it judges any more.
 *
 * Method: reduce; group the stuck; reduce again without the doubt, if there is
 * any, that other threads cast or memory unread, for what is LIKELY; add what
 * is left alive after main's end; then certificates, for whoever is told of.
 * Each of these is a case; like cases (same fingerprint, same fate, somebody
 * known who may come or not) become one finding, so that a thousand leaks of
 * one line are one.
 *
 * D1  Proven (DEADLOCK, LEAK) is only what the reduction left stuck with all
 *     doubt counted as life.
 * D2  Every goroutine stands in at most one finding; the counts are of
 *     goroutines, and do not depend on how they are grouped.
 */
#include "runtime/monitor/finding.h"

#include <errno.h>
#include <string.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/certificate.h"
#include "runtime/monitor/finding_words.h"
#include "runtime/monitor/fingerprint.h"
#include "runtime/monitor/graph.h"
#include "runtime/monitor/group.h"
#include "runtime/monitor/horizon.h"
#include "runtime/monitor/leak.h"
#include "runtime/monitor/reduce.h"
#include "runtime/monitor/sight.h"

/* One group of goroutines, before like ones are put together. */
struct one_case {
    enum go_verdict verdict;
    enum go_shape shape;
    uint64_t fingerprint;
    const uint32_t *member;
    uint32_t n, ncore;
    uint32_t like;      /* the first case that it is told with, maybe itself */
    uint32_t finding;   /* that it became part of, */
    uint32_t component; /* and as which of its groups */
};

struct making {
    const struct go_inspect *in;
    const struct mon_sight *sight; /* NULL: memory was not scanned */
    struct rt_arena *arena;
    struct mon_findings *out;
    struct mon_graph *graph;
    struct mon_reduction reduction;
    uint8_t *fate;   /* [ngoroutine] */
    uint8_t *stuck;  /* [ngoroutine] proven */
    uint8_t *likely; /* [ngoroutine] stuck but for something doubtful */
    uint8_t *alive;  /* [ngoroutine] told of, though somebody may wake it */
    struct one_case *cases;
    uint32_t ncase;
    struct mon_fingerprints prints;
    uint32_t *table; /* [prints.room] first case with this key + 1 */
};

static bool is_main(const struct go_inspect_goroutine *g)
{
    return g->id == 1;
}

/* All asleep is a deadlock also when main left by go_exit. */
static enum go_verdict verdict_of(const struct making *m, bool has_main)
{
    bool returned = m->in->main_ended && !m->in->main_exited;

    if (has_main || (m->out->all_asleep && !returned))
        return GO_VERDICT_DEADLOCK;
    return GO_VERDICT_LEAK;
}

static void case_add(struct making *m, const struct one_case *c)
{
    struct one_case *to = &m->cases[m->ncase++];

    rt_check(m->ncase <= m->in->ngoroutine, "finding: D2: too many cases");
    *to = *c;
    mon_fingerprint_begin(&m->prints);
    for (uint32_t n = 0; n < c->ncore; n++)
        mon_fingerprint_add(&m->prints,
                            mon_fingerprint_goroutine(m->in, c->member[n]));
    to->fingerprint = mon_fingerprint_end(&m->prints, c->verdict, c->shape);
}

/* Daemons among themselves may be stuck: they were meant to be left. */
static void case_of_group(struct making *m, const struct mon_groups *groups,
                          const struct mon_group *g, bool likely)
{
    struct one_case c = {.shape = g->shape,
                         .member = groups->member + g->first,
                         .n = g->n,
                         .ncore = g->ncore};
    bool has_main = false, counts = false;

    for (uint32_t n = 0; n < g->n; n++) {
        has_main |= is_main(&m->in->goroutines[c.member[n]]);
        counts |= mon_leak_counts(&m->in->goroutines[c.member[n]]);
    }
    if (!counts && !has_main)
        return;
    c.verdict = likely ? GO_VERDICT_LIKELY : verdict_of(m, has_main);
    case_add(m, &c);
}

static int cases_of_stuck(struct making *m, const uint8_t *stuck, bool likely)
{
    struct mon_groups groups;
    int err = mon_group_find(&groups, m->graph, stuck, m->arena);

    if (err)
        return err;
    for (uint32_t k = 0; k < groups.n; k++)
        case_of_group(m, &groups, &groups.list[k], likely);
    return 0;
}

static int reduce_by_sight(struct making *m, struct mon_reduction *r)
{
    struct mon_replay replay;
    struct mon_reach reach = mon_sight_reach(&replay, m->sight);
    int err = mon_reduce(m->graph, &reach, MON_DOUBT_ALL, m->arena, r);

    if (!err)
        mon_sight_told(&replay);
    return err;
}

/* D1: what would be stuck, did other threads not count as life; or had the
   scan of memory been whole. */
static int reduce_likely(struct making *m, struct mon_reduction *r)
{
    if (m->sight)
        return reduce_by_sight(m, r);
    return mon_reduce(m->graph, NULL, MON_DOUBT_NO_THREADS, m->arena, r);
}

static bool any_doubt(const struct making *m)
{
    bool threads = m->in->foreign_life;

    for (uint32_t i = 0; i < m->in->ngoroutine; i++)
        threads |= m->in->goroutines[i].state == GO_STATE_FOREIGN;
    return m->sight ? m->sight->doubt : threads;
}

static int cases_likely(struct making *m)
{
    struct mon_reduction r;
    bool any = false;
    int err;

    if (!any_doubt(m))
        return 0;
    err = reduce_likely(m, &r);
    if (err)
        return err;
    for (uint32_t i = 0; i < m->in->ngoroutine; i++) {
        rt_check(!m->stuck[i] || !r.live[i], "finding: less doubt, more life");
        m->likely[i] = !r.live[i] && !m->stuck[i];
        any |= m->likely[i];
        if (m->likely[i])
            m->fate[i] = MON_FATE_STUCK;
    }
    return any ? cases_of_stuck(m, m->likely, true) : 0;
}

/* After main's end: who is alive and there, each a case of its own. */
static void cases_left(struct making *m)
{
    const struct go_inspect *in = m->in;

    for (uint32_t r = 0; in->main_ended && r < in->ngoroutine; r++) {
        const uint32_t *i = &m->graph->goroutines.index[r];
        struct one_case c = {.verdict = GO_VERDICT_LEFT,
                             .shape = GO_SHAPE_LEFT,
                             .member = i,
                             .n = 1,
                             .ncore = 1};

        if (m->stuck[*i] || !mon_leak_counts(&in->goroutines[*i]))
            continue;
        m->out->left++;
        if (m->likely[*i])
            continue;
        m->alive[*i] = m->fate[*i] == MON_FATE_WAITS;
        if (m->fate[*i] == MON_FATE_EXTERNAL)
            c.shape = GO_SHAPE_EXTERNAL;
        case_add(m, &c);
    }
}

/* Who waits long, if that is asked for, each a case of its own. */
static void cases_slow(struct making *m)
{
    const struct go_inspect *in = m->in;

    for (uint32_t r = 0; !in->main_ended && r < in->ngoroutine; r++) {
        const uint32_t *i = &m->graph->goroutines.index[r];

        if (!mon_leak_slow(in, *i, (enum mon_fate)m->fate[*i]))
            continue;
        m->alive[*i] = true;
        case_add(m, &(struct one_case){.verdict = GO_VERDICT_SLOW,
                                       .shape = GO_SHAPE_LEFT,
                                       .member = i,
                                       .n = 1,
                                       .ncore = 1});
    }
}

/* What must agree for two cases to be told as one. */
static uint64_t key_of(const struct making *m, const struct one_case *c)
{
    uint32_t first = c->member[0];
    bool alone =
        c->verdict == GO_VERDICT_LEFT && mon_finding_alone(m->out, first);

    return mon_fingerprint_mix(c->fingerprint + m->fate[first] +
                               (alone ? MON_FATE_COUNT : 0));
}

static bool alike(const struct making *m, const struct one_case *a,
                  const struct one_case *b)
{
    return a->verdict == b->verdict && a->shape == b->shape &&
           key_of(m, a) == key_of(m, b);
}

/* The first case that is like case n, which may be itself. */
static uint32_t first_alike(struct making *m, uint32_t n)
{
    const struct one_case *c = &m->cases[n];
    uint32_t mask = m->prints.room - 1;
    uint32_t at = (uint32_t)(key_of(m, c) >> 32) & mask;

    while (m->table[at]) {
        if (alike(m, &m->cases[m->table[at] - 1], c))
            return m->table[at] - 1;
        at = (at + 1) & mask;
    }
    m->table[at] = n + 1;
    return n;
}

/*
 * Numbers findings in the order of their first cases, which is that of
 * gravity: main's group comes first of all, for it has the lowest id; then
 * what is proven, what is likely, what is left, what is slow.
 */
static void findings_number(struct making *m)
{
    struct mon_findings *out = m->out;

    for (uint32_t n = 0; n < m->ncase; n++) {
        struct one_case *c = &m->cases[n];
        struct mon_finding *f = &out->list[out->n];

        if (c->like == n) {
            f->verdict = c->verdict;
            f->shape = c->shape;
            f->proven = c->verdict != GO_VERDICT_LIKELY &&
                        c->verdict != GO_VERDICT_SLOW;
            f->fingerprint = c->fingerprint;
            c->finding = out->n++;
        } else {
            c->finding = m->cases[c->like].finding;
        }
    }
}

/* One member more of c's finding, whose parts begin at to. */
static void part_add(struct making *m, struct mon_part *to,
                     const struct one_case *c, uint32_t n, uint32_t *finding)
{
    uint32_t i = c->member[n];

    rt_check(finding[i] == GO_NOWHERE, "finding: D2: in two findings");
    finding[i] = c->finding;
    to[m->out->list[c->finding].nparts++] =
        (struct mon_part){.goroutine = i,
                          .component = c->component,
                          .core = n < c->ncore,
                          .fate = m->fate[i]};
}

/* First the core of every case, then all bystanders. */
static void parts_place(struct making *m, struct mon_part *parts,
                        uint32_t *finding)
{
    const struct mon_finding *list = m->out->list;

    for (uint32_t n = 0; n < m->ncase; n++) {
        struct one_case *c = &m->cases[n];
        struct mon_finding *f = &m->out->list[c->finding];

        c->component = f->times++;
        f->ncore += c->ncore;
        for (uint32_t k = 0; k < c->ncore; k++)
            part_add(m, parts + (f->parts - parts), c, k, finding);
    }
    for (uint32_t n = 0; n < m->ncase; n++) {
        const struct one_case *c = &m->cases[n];

        for (uint32_t k = c->ncore; k < c->n; k++)
            part_add(m, parts + (list[c->finding].parts - parts), c, k,
                     finding);
    }
}

/* Gives each finding its parts: counted, then placed, as everywhere. */
static int parts_build(struct making *m)
{
    struct mon_findings *out = m->out;
    uint32_t *size = rt_arena_alloc(m->arena, out->n * sizeof(*size));
    uint32_t *finding =
        rt_arena_alloc(m->arena, m->in->ngoroutine * sizeof(*finding));
    struct mon_part *parts =
        rt_arena_alloc(m->arena, m->in->ngoroutine * sizeof(*parts));

    if (!size || !finding || !parts)
        return -ENOMEM;
    memset(finding, 0xff, m->in->ngoroutine * sizeof(*finding));
    for (uint32_t n = 0; n < m->ncase; n++)
        size[m->cases[n].finding] += m->cases[n].n;
    for (uint32_t f = 0, at = 0; f < out->n; f++) {
        out->list[f].parts = parts + at;
        at += size[f];
    }
    parts_place(m, parts, finding);
    out->finding = finding;
    return 0;
}

/* Like cases into findings. */
static int findings_build(struct making *m)
{
    m->out->list = rt_arena_alloc(m->arena, m->ncase * sizeof(*m->out->list));
    m->table = rt_arena_alloc(m->arena, m->prints.room * sizeof(*m->table));
    if (!m->out->list || !m->table)
        return -ENOMEM;
    for (uint32_t n = 0; n < m->ncase; n++)
        m->cases[n].like = first_alike(m, n);
    findings_number(m);
    return parts_build(m);
}

static void count_stuck(struct making *m)
{
    for (uint32_t i = 0; i < m->in->ngoroutine; i++) {
        const struct go_inspect_goroutine *g = &m->in->goroutines[i];

        if (!m->stuck[i])
            continue;
        m->out->main_stuck |= is_main(g);
        m->out->stuck += mon_leak_counts(g);
        m->out->leaked += mon_leak_counts(g) && !is_main(g);
    }
}

static int making_new(struct making *m)
{
    uint32_t n = m->in->ngoroutine;

    m->graph = rt_arena_alloc(m->arena, sizeof(*m->graph));
    m->fate = rt_arena_alloc(m->arena, n);
    m->stuck = rt_arena_alloc(m->arena, n);
    m->likely = rt_arena_alloc(m->arena, n);
    m->alive = rt_arena_alloc(m->arena, n);
    m->cases = rt_arena_alloc(m->arena, n * sizeof(*m->cases));
    if (!m->graph || !m->fate || !m->stuck || !m->likely || !m->alive ||
        !m->cases)
        return -ENOMEM;
    return mon_fingerprint_new(&m->prints, n, m->arena);
}

static int reduce(struct making *m)
{
    if (m->sight && !m->sight->doubt)
        return reduce_by_sight(m, &m->reduction);
    return mon_reduce(m->graph, NULL, MON_DOUBT_ALL, m->arena, &m->reduction);
}

static int judge(struct making *m)
{
    int err = mon_graph_build(m->graph, m->in, m->sight, m->arena);

    if (!err)
        err = reduce(m);
    if (err)
        return err;
    for (uint32_t i = 0; i < m->in->ngoroutine; i++) {
        m->stuck[i] = !m->reduction.live[i];
        m->fate[i] = (uint8_t)mon_leak_fate(&m->reduction, i);
    }
    m->out->all_asleep = !m->reduction.any_life;
    mon_horizon_find(m->graph, m->fate, &m->out->horizon);
    count_stuck(m);
    err = cases_of_stuck(m, m->stuck, false);
    if (!err)
        err = cases_likely(m);
    cases_left(m);
    cases_slow(m);
    return err;
}

static int certify(struct making *m)
{
    uint8_t *both = rt_arena_alloc(m->arena, m->in->ngoroutine);

    if (!both)
        return -ENOMEM;
    for (uint32_t i = 0; i < m->in->ngoroutine; i++)
        both[i] = m->stuck[i] | m->likely[i];
    return mon_certificate_build(
        &(struct mon_certify){.graph = m->graph,
                              .sight = m->sight,
                              .stuck = both,
                              .fate = m->fate,
                              .alive = m->alive,
                              .all_asleep = m->out->all_asleep},
        m->arena, &m->out->certificates);
}

int mon_find(const struct go_inspect *in, const struct mon_sight *sight,
             struct rt_arena *arena, struct mon_findings *out)
{
    struct making m = {.in = in, .sight = sight, .arena = arena, .out = out};
    int err;

    memset(out, 0, sizeof(*out));
    err = making_new(&m);
    if (!err)
        err = judge(&m);
    out->in = in;
    out->graph = m.graph;
    out->fate = m.fate;
    out->proven = m.stuck;
    if (!err)
        err = certify(&m);
    if (!err)
        err = findings_build(&m);
    if (err)
        return err;
    for (uint32_t f = 0; f < out->n; f++)
        if (!mon_finding_message(out, &out->list[f], arena))
            return -ENOMEM;
    out->verdict = out->n ? out->list[0].verdict : GO_VERDICT_CLEAN;
    rt_check(!out->main_stuck || out->verdict == GO_VERDICT_DEADLOCK,
             "finding: main is stuck, and that does not stand first");
    rt_check(out->stuck >= out->leaked, "finding: D2: more leaked than stuck");
    return 0;
}

/*
 * stacks.c - the stacks of all goroutines of a snapshot.
 *
 * In:  the stopped world. Out: pcs[], and in each goroutine where its own
 * begin. Equal stacks share one piece, so reporters can group by its index.
 *
 * Method: unwinding takes 10 us, and 100,000 goroutines have few different
 * stacks. Each stack that was unwound is kept as a template: how deep it is,
 * and which return address lies where below the top. A parked goroutine whose
 * stack is as deep, and has the same return addresses at the same places, is
 * taken to have the same stack.
 *
 * S1  A template is used only when every one of its return addresses is found
 *     in its place: two stacks of one depth that differ in any frame differ in
 *     one of these words.
 */
#include <string.h>

#include "runtime/monitor/backtrace.h"
#include "runtime/monitor/snapshot.h"
#include "runtime/sched/stack.h"

enum {
    TEMPLATES = 256,
    TRIES = 16
}; /* kept; compared with one stack */

struct template
{
    struct template *next; /* of the same bucket */
    size_t depth;          /* bytes from sp to the stack's top */
    uint32_t pc, npc;
    uint32_t below[MON_BACKTRACE_MAX]; /* of pc[i], bytes above sp */
};

struct stacks {
    struct mon_snapshot *s;
    const struct g *panicked; /* RUNNING, but off its worker; or NULL */
    size_t pc_cap;
    bool failed;
    struct template *bucket[TEMPLATES];
    struct mon_backtrace trace;
};

static struct template **bucket_of(struct stacks *s, size_t depth)
{
    return &s->bucket[depth / sizeof(void *) % TEMPLATES];
}

static bool fits(const struct template *t, const struct go_inspect *in,
                 const char *sp, size_t depth)
{
    if (t->depth != depth)
        return false;
    rt_assert(t->pc + t->npc <= in->npc, "a template's frames are not kept");
    for (uint32_t i = 0; i < t->npc; i++) { /* S1 */
        const void *word;

        memcpy(&word, sp + t->below[i], sizeof(word));
        if (word != in->pcs[t->pc + i])
            return false;
    }
    return true;
}

static const struct template *find(struct stacks *s, const char *sp,
                                   size_t depth)
{
    const struct template *t = *bucket_of(s, depth);

    for (int tries = 0; t && tries < TRIES; t = t->next, tries++)
        if (fits(t, &s->s->in, sp, depth))
            return t;
    return NULL;
}

/* Adds what was unwound to pcs[]; where it begins. */
static uint32_t keep(struct stacks *s)
{
    struct go_inspect *in = &s->s->in;
    uint32_t first = in->npc;

    for (uint32_t i = 0; i < s->trace.n; i++) {
        if (!rt_arena_grow(&s->s->arena, &in->pcs, in->npc, &s->pc_cap,
                           sizeof(*in->pcs))) {
            s->failed = true;
            return first;
        }
        in->pcs[in->npc++] = s->trace.pc[i];
    }
    return first;
}

/* A stack can be a template when it is known where each word lies on it. */
static void learn(struct stacks *s, const char *sp, size_t depth, uint32_t pc)
{
    struct template *t = rt_arena_alloc(&s->s->arena, sizeof(*t));
    struct template **bucket = bucket_of(s, depth);

    if (!t)
        return;
    for (uint32_t i = 0; i < s->trace.n; i++) {
        const char *at = (const char *)s->trace.at[i];

        if (!at || at < sp || at >= sp + depth)
            return;
        t->below[i] = (uint32_t)(at - sp);
    }
    t->depth = depth;
    t->pc = pc;
    t->npc = s->trace.n;
    t->next = *bucket;
    *bucket = t;
}

static void take_parked(struct stacks *s, const struct g *g,
                        struct go_inspect_goroutine *to)
{
    const char *sp = g->sp, *top = rt_stack_top(g);
    const struct template *t;

    if (sp <= (const char *)rt_stack_low(g) || sp >= top)
        return; /* the program switches stacks by itself: its site must do */
    t = find(s, sp, (size_t)(top - sp));
    if (t) {
        to->pc = t->pc;
        to->npc = t->npc;
        return;
    }
    mon_backtrace_parked(g->sp, &s->trace);
    to->pc = keep(s);
    to->npc = s->trace.n;
    learn(s, sp, (size_t)(top - sp), to->pc);
}

/* The worker that runs g, stopped in it; NULL: it is not on its stack now. */
static const struct m *worker_of(const struct g *g)
{
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        if (m->g == g)
            return m;
    return NULL;
}

static void take_running(struct stacks *s, const struct g *g,
                         struct go_inspect_goroutine *to)
{
    const struct m *m = worker_of(g);

    if (m && m->context)
        mon_backtrace_running(m->context, &s->trace);
    else if (g == s->panicked && !m)
        mon_backtrace_parked(g->sp, &s->trace);
    else
        return; /* its worker did not stop, or asked for this look itself */
    to->pc = keep(s);
    to->npc = s->trace.n;
}

static void take(struct stacks *s, uint32_t i)
{
    struct go_inspect_goroutine *to = &s->s->in.goroutines[i];

    if (to->state == GO_STATE_FOREIGN)
        return;
    if (to->state == GO_STATE_RUNNING)
        take_running(s, s->s->gs[i], to);
    else
        take_parked(s, s->s->gs[i], to);
}

bool mon_stacks_take(struct mon_snapshot *to, const struct g *panicked,
                     const uint8_t *only)
{
    struct stacks *s = rt_arena_alloc(&to->arena, sizeof(*s));

    rt_check(!to->in.npc, "stacks: taken twice");
    if (!s)
        return false;
    s->s = to;
    s->panicked = panicked;
    for (uint32_t i = 0; i < to->in.ngoroutine && !s->failed; i++)
        if (!only || only[i])
            take(s, i);
    return !s->failed;
}

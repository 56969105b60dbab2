/*
 * order.c - looks for rings of lock orders that could be a deadlock.
 *
 * In:  classes of edges (sync/order.h). Out: hints.
 *
 * Method: classes that are on no ring of locks are peeled off, which leaves
 * nothing in a program with one order. In what is left, paths of classes are
 * followed from each lock, through locks of higher number only, so each ring
 * comes once; first the short ones. For a ring of classes one edge of each is
 * chosen so that all of them could happen at once:
 *
 * R1  by different goroutines;
 * R2  no lock held by two of them in modes that exclude each other: such a
 *     gate keeps them apart;
 * R3  none past for another (causal.h): fork, join and messages keep them
 *     apart. An edge's clock is that of the taking, so only what happened
 *     after one lock was taken and before the other was asked for counts;
 * R4  what each takes and what the next one holds exclude each other.
 *
 * With a pending writer two read locks exclude each other too; but who waits
 * to write need hold nothing else and then is in no edge, so rings that need
 * one are missed (README, limits).
 *
 * The number of rings can be exponential: the search has a number of steps,
 * and says when they were spent.
 */
#include "runtime/monitor/order.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/fingerprint.h"

typedef const struct rt_order_class *class_ref;

struct search {
    struct rt_arena *arena;
    struct mon_orders *out;
    class_ref *class; /* [n] by from.id; those that may be on a ring */
    uint32_t n;
    uint32_t nlock;              /* distinct from.id: no ring is longer */
    uint32_t *path;              /* [nlock] indices in class */
    uint32_t *try;               /* [nlock] the next class to be tried */
    struct mon_order_link *link; /* [nlock] chosen edges */
    uint64_t *key;               /* [MON_ORDER_HINTS] of the hints */
    uint32_t steps;
    bool longer; /* the limit of length cut a path */
};

static bool step(struct search *s)
{
    if (!s->steps)
        return false;
    s->steps--;
    return true;
}

/* R2: whether both hold a lock that one of them has for itself. */
static bool have_gate(const struct rt_order_edge *a,
                      const struct rt_order_edge *b)
{
    for (uint32_t i = 0; i < a->nheld; i++)
        for (uint32_t j = 0; j < b->nheld; j++)
            if (a->held[i].id == b->held[j].id &&
                !(a->held[i].shared && b->held[j].shared))
                return true;
    return false;
}

/* R3 */
static bool is_past(const struct rt_order_edge *a,
                    const struct rt_order_edge *b)
{
    return rt_causal_epoch(b->seen, a->goroutine) >= a->epoch;
}

static bool may_meet(const struct rt_order_edge *a,
                     const struct rt_order_edge *b)
{
    return a->goroutine != b->goroutine && !have_gate(a, b) && !is_past(a, b) &&
           !is_past(b, a);
}

/* Whether any edges of two classes could happen at once. */
static bool classes_may_meet(struct search *s, class_ref a, class_ref b)
{
    for (const struct rt_order_edge *x = a->edges; x; x = x->next)
        for (const struct rt_order_edge *y = b->edges; y; y = y->next)
            if (!step(s) || may_meet(x, y))
                return s->steps > 0;
    return false;
}

/* R4: what a takes is what b holds, and they exclude each other. */
static bool leads_to(class_ref a, class_ref b)
{
    return a->to.id == b->from.id && !(a->to_shared && b->from_shared);
}

static uint32_t first_from(const struct search *s, uint32_t id)
{
    uint32_t from = 0, to = s->n;

    while (from < to) {
        uint32_t middle = (from + to) / 2;

        if (s->class[middle] -> from.id < id)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool goes_on(const struct search *s, class_ref c)
{
    uint32_t i = first_from(s, c->to.id);

    return i < s->n && s->class[i]->from.id == c->to.id;
}

/* Drops what leads nowhere, until nothing does. In order of from.id still. */
static void peel(struct search *s)
{
    uint32_t before;

    do {
        uint32_t kept = 0;

        before = s->n;
        for (uint32_t i = 0; i < before; i++)
            s->link[i].class = goes_on(s, s->class[i]) ? s->class[i] : NULL;
        for (uint32_t i = 0; i < before; i++)
            if (s->link[i].class)
                s->class[kept++] = s->link[i].class;
        s->n = kept;
    } while (s->n < before);
    for (uint32_t i = 0; i < s->n; i++)
        s->nlock += i == 0 || s->class[i]->from.id != s->class[i - 1]->from.id;
}

/* A heap sort: no recursion, no memory. */
static void sift(class_ref *c, uint32_t at, uint32_t n)
{
    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        class_ref swap = c[at];

        if (child + 1 < n && c[child]->from.id < c[child + 1]->from.id)
            child++;
        if (c[at]->from.id >= c[child]->from.id)
            return;
        c[at] = c[child];
        c[child] = swap;
    }
}

static void sort(class_ref *c, uint32_t n)
{
    for (uint32_t i = n / 2; i-- > 0;)
        sift(c, i, n);
    for (uint32_t i = n; i-- > 1;) {
        class_ref swap = c[0];

        c[0] = c[i];
        c[i] = swap;
        sift(c, 0, i);
    }
}

static bool fits(const struct search *s, uint32_t at,
                 const struct rt_order_edge *e)
{
    for (uint32_t i = 0; i < at; i++)
        if (!may_meet(s->link[i].edge, e))
            return false;
    return true;
}

/* Chooses an edge for each class of the path; false: none fit together. */
static bool choose(struct search *s, uint32_t n)
{
    const struct rt_order_edge *e = s->class[s->path[0]]->edges;
    uint32_t at = 0;

    for (;;) {
        while (e && step(s) && !fits(s, at, e))
            e = e->next;
        if (!s->steps || (!e && at == 0))
            return false;
        if (!e) {
            e = s->link[--at].edge->next;
            continue;
        }
        s->link[at] = (struct mon_order_link){s->class[s->path[at]], e};
        if (++at == n)
            return true;
        e = s->class[s->path[at]]->edges;
    }
}

/* Of the places, whatever the locks: a set, so the ring may begin anywhere
   and go through the same place more than once. */
static uint64_t key_of(const struct search *s, uint32_t n)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        class_ref c = s->link[i].class;
        bool told = false;

        for (uint32_t j = 0; j < i; j++)
            told |= s->link[j].class->held_at == c->held_at &&
                    s->link[j].class->taken_at == c->taken_at;
        if (!told)
            sum += mon_fingerprint_mix((uintptr_t)c->held_at * 31 +
                                       (uintptr_t)c->taken_at);
    }
    return sum;
}

/* Words that survive edits elsewhere, as those of fingerprint.h. */
static uint64_t print_of(const struct mon_order_link *l)
{
    const struct rt_order_class *c = l->class;
    const char *words[] = {
        l->edge->created ? l->edge->created->what : "main",
        c->held_at ? c->held_at->func : "",
        c->taken_at ? c->taken_at->func : "",
        c->from.name,
        c->to.name,
    };
    uint64_t h = c->from_shared + 2u * c->to_shared;

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        h = mon_fingerprint_mix(h + mon_fingerprint_text(words[i]));
    return h;
}

static uint64_t fingerprint_of(const struct mon_order_link *link, uint32_t n)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint64_t print = print_of(&link[i]);
        bool told = false;

        for (uint32_t j = 0; j < i; j++)
            told |= print_of(&link[j]) == print;
        sum += told ? 0 : print;
    }
    return mon_fingerprint_of(sum, GO_VERDICT_LOCK_ORDER, GO_SHAPE_ORDER);
}

/* Notes the ring of s->link[0..n); false: no memory. */
static bool found(struct search *s, uint32_t n)
{
    struct mon_orders *out = s->out;
    uint64_t key = key_of(s, n);
    struct mon_order_link *copy;

    for (uint32_t i = 0; i < out->n; i++)
        if (s->key[i] == key) {
            out->list[i].times++;
            return true;
        }
    if (out->n == MON_ORDER_HINTS) {
        out->more++;
        return true;
    }
    copy = rt_arena_alloc(s->arena, n * sizeof(*copy));
    if (!copy)
        return false;
    memcpy(copy, s->link, n * sizeof(*copy));
    s->key[out->n] = key;
    out->list[out->n++] = (struct mon_order_hint){
        .fingerprint = fingerprint_of(copy, n),
        .times = 1,
        .n = n,
        .link = copy,
    };
    return true;
}

static bool on_path(const struct search *s, uint32_t n, uint32_t lock)
{
    for (uint32_t i = 0; i < n; i++)
        if (s->class[s->path[i]] -> from.id == lock)
            return true;
    return false;
}

static bool meets_path(struct search *s, uint32_t n, class_ref c)
{
    for (uint32_t i = 0; i < n; i++)
        if (!classes_may_meet(s, s->class[s->path[i]], c))
            return false;
    return true;
}

/* The next class that goes on a path of n, from try[n] on; GO_NOWHERE. */
static uint32_t extend(struct search *s, uint32_t n)
{
    class_ref last = s->class[s->path[n - 1]];
    uint32_t start = s->class[s->path[0]]->from.id;

    for (uint32_t i = s->try[n]; i < s->n; i++) {
        class_ref c = s->class[i];

        if (c->from.id != last->to.id || !step(s))
            break;
        if (c->from.id > start && leads_to(last, c) &&
            !on_path(s, n, c->from.id) && meets_path(s, n, c)) {
            s->try[n] = i + 1;
            return i;
        }
    }
    return GO_NOWHERE;
}

/* The path of n is complete: is it a ring, and of a length not told yet? */
static bool closes(struct search *s, uint32_t n, uint32_t shortest)
{
    class_ref first = s->class[s->path[0]], last = s->class[s->path[n - 1]];

    return n < shortest || !leads_to(last, first) || !choose(s, n) ||
           found(s, n);
}

/* All rings of shortest to longest that begin with class i. */
static bool rings_from(struct search *s, uint32_t i, uint32_t shortest,
                       uint32_t longest)
{
    uint32_t n = 1, next;

    s->path[0] = i;
    s->try[1] = first_from(s, s->class[i] -> to.id);
    while (n > 0 && s->steps) {
        next = n < longest ? extend(s, n) : GO_NOWHERE;
        s->longer |= n == longest;
        if (n == 1 && next == GO_NOWHERE)
            return true;
        if (next == GO_NOWHERE) {
            n--;
            continue;
        }
        s->path[n++] = next;
        if (n < s->nlock)
            s->try[n] = first_from(s, s->class[next] -> to.id);
        if (!closes(s, n, shortest))
            return false;
    }
    return true;
}

static bool rings(struct search *s)
{
    uint32_t shortest = 2, longest = 2;

    while (s->n && shortest <= s->nlock) {
        s->longer = false;
        for (uint32_t i = 0; i < s->n; i++)
            if (!rings_from(s, i, shortest, longest))
                return false;
        if (!s->longer || !s->steps)
            break;
        shortest = longest + 1;
        longest = longest < 4 ? longest + 1 : longest * 2;
        if (longest > s->nlock)
            longest = s->nlock;
    }
    return true;
}

static const char *message_of(struct search *s, const struct mon_order_hint *h)
{
    char text[120], more[32] = "";
    char *copy;
    int n;

    if (h->times > 1)
        snprintf(more, sizeof(more), " (%u times)", h->times);
    n = snprintf(text, sizeof(text),
                 "%u goroutines take %u locks in a ring of orders%s", h->n,
                 h->n, more);
    rt_check(n > 0 && n < (int)sizeof(text), "order: a message is too long");
    copy = rt_arena_alloc(s->arena, (size_t)n + 1);
    if (copy)
        memcpy(copy, text, (size_t)n + 1);
    return copy;
}

static bool search_new(struct search *s, const struct rt_order_notes *notes)
{
    uint32_t n = notes->nclass;

    s->class = rt_arena_alloc(s->arena, n * sizeof(class_ref));
    s->path = rt_arena_alloc(s->arena, (n + 1) * sizeof(*s->path));
    s->try = rt_arena_alloc(s->arena, (n + 1) * sizeof(*s->try));
    s->link = rt_arena_alloc(s->arena, (n + 1) * sizeof(*s->link));
    s->key = rt_arena_alloc(s->arena, MON_ORDER_HINTS * sizeof(*s->key));
    s->out->list =
        rt_arena_alloc(s->arena, MON_ORDER_HINTS * sizeof(*s->out->list));
    if (!s->class || !s->path || !s->try || !s->link || !s->key ||
        !s->out->list)
        return false;
    for (class_ref c = notes->classes; c; c = c->next)
        s->class[s->n++] = c;
    rt_check(s->n == n, "order: classes were not counted");
    sort(s->class, s->n);
    return true;
}

int mon_order_find(const struct rt_order_notes *notes, uint32_t steps,
                   struct rt_arena *arena, struct mon_orders *out)
{
    struct search s = {.arena = arena, .out = out, .steps = steps};

    memset(out, 0, sizeof(*out));
    out->nclass = notes->nclass;
    out->dropped = notes->dropped;
    out->refused = notes->refused;
    if (!notes->nclass)
        return 0;
    if (!search_new(&s, notes))
        return -ENOMEM;
    peel(&s);
    if (!rings(&s))
        return -ENOMEM;
    out->cut = !s.steps;
    for (uint32_t i = 0; i < out->n; i++) {
        out->list[i].message = message_of(&s, &out->list[i]);
        if (!out->list[i].message)
            return -ENOMEM;
    }
    return 0;
}

bool mon_orders_take(struct mon_snapshot *s, uint32_t steps,
                     struct mon_orders *out)
{
    struct rt_order_notes notes;

    rt_order_notes(&notes);
    if (mon_order_find(&notes, steps, &s->arena, out))
        return false;
    if (out->refused)
        mon_snapshot_limit(s, 0, "lock order: no room for %llu takings",
                           (unsigned long long)out->refused);
    if (out->cut)
        mon_snapshot_limit(s, 0,
                           "lock order: too many orders to look for "
                           "every ring");
    return true;
}

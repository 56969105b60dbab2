/*
 * tree.c - nodes and ways: what is to be tried, what sleeps.
 *
 * In:  steps on offer, and the past (past.h) of those that were taken. Out: the
 * choices that dpor.c takes. What is to be tried besides the first way, and
 * why, is reverse.c's business.
 *
 * D1  Steps that share a task are added together: once one of them is taken
 *     the others are no more, and no race will ever tell.
 * D2  What was tried sleeps in what is tried next at the same node, until
 *     something is done that it races with: for as long, both orders are the
 *     same, and one of them is known. All that its event did counts, not its
 *     step alone; so nothing sleeps whose event drew a number.
 * D3  Who does the same again and again, while nobody does anything that could
 *     change it, goes last, and not more than ROUNDS times: a loop that waits
 *     for others has no end that can be searched for. What it reads of plain
 *     memory is part of the loop, but no loop by itself: it may be a sum. Where
 *     nobody else can go on each round has one way, so it costs no more than its
 *     steps: how many is the course's to say (course.c C2).
 * D4  Those who do what matters to nobody but them, for ever, must not keep away
 *     who would end it: each TURN-th choice goes to another first. Any way may
 *     be the first one, so nothing is lost by that.
 * D5  A loop may end by itself after more than ROUNDS: where nothing but such
 *     ways was left out all is begun again with DEEPER times as many, up to
 *     DEEPEST times, each but to the first that is left out: that is to show
 *     that there is none, and then it is as if there were no D3.
 */
#include "harness/explore/tree.h"

#include "harness/explore/dpor.h"
#include "harness/explore/memory.h"
#include "harness/explore/room.h"

enum {
    ROUNDS = 8,
    SEEN = 32, /* nodes that are looked at for each: a longer loop is none */
    DEEPER = 4,
    DEEPEST = 2,
    TURN = 1021 /* more than most executions have; in step with no loop */
};

/* ---- ways ----------------------------------------------------------------*/

/* D3: what may have changed nothing, whichever way it was done. */
#define LOOKS                                                                  \
    (1ull << GO_OP_YIELD | 1ull << GO_OP_LOAD | 1ull << GO_OP_LEN |            \
     1ull << GO_OP_ERR | 1ull << GO_OP_TRYLOCK | 1ull << GO_OP_TRYRLOCK |      \
     1ull << GO_OP_TRYACQUIRE | 1ull << GO_OP_ASK)

/* That, or without a partner. */
static inline bool is_idle(const struct go_step *step)
{
    const struct go_point *p = step->point;

    return LOOKS >> p->op & 1 ||
           (p->otherwise &&
            (p->op == GO_OP_SELECT
                 ? p->cases[step->which].op == GO_CASE_DEFAULT
                 : (p->op == GO_OP_TRYSEND || p->op == GO_OP_TRYRECV) &&
                       step->which < 0));
}

static inline uintptr_t idle_at(const struct go_step *step)
{
    uintptr_t site = (uintptr_t)step->point->site;

    return is_idle(step) ? (site ^ (uintptr_t)step->point->object) | 1 : 0;
}

/* By fields: a struct that is made, and then copied, is waited for. */
static inline void set_way(struct hn_way *w, const struct go_step *step)
{
    const struct go_point *p = step->point;

    w->task = p ? p->task : GO_NOWHERE;
    w->partner = step->partner;
    w->which = step->which;
    w->partner_which = step->partner_which;
    w->object = p ? p->object : NULL;
    w->flags = 0;
    w->op = p ? p->op : GO_OP_NONE;
    w->meets = p && hn_is_meeting(step);
    w->idle = p ? idle_at(step) : 0;
    w->loud = false;
    w->kept = w->nkept = 0;
}

/* The same step at another moment. Who is signalled is a task, not a place. */
static bool is_same(const struct hn_way *a, const struct hn_way *b)
{
    return a->task == b->task && a->partner == b->partner &&
           (a->op == GO_OP_SIGNAL || a->which == b->which) &&
           a->partner_which == b->partner_which;
}

static bool shares(const struct hn_way *a, const struct hn_way *b)
{
    return hn_way_has(b, a->task) || (a->meets && hn_way_has(b, a->partner));
}

static inline void mark(struct hn_node *n, struct hn_way *w, uint16_t flag)
{
    n->open -= !(w->flags & (HN_TAKE | HN_SLEEPS | HN_CUT));
    w->flags |= flag;
}

/* D1: with all that share a task with it, and with those. */
static __attribute__((noinline)) void take_shared(struct hn_tree *t,
                                                  struct hn_node *n)
{
    struct hn_way *ways = &t->ways[n->first];
    bool more = !(hn_dpor_drop & HN_DROP_SHARED);

    while (more && n->open) {
        more = false;
        for (uint32_t i = 0; i < n->n; i++)
            for (uint32_t j = 0; !(ways[i].flags & HN_TAKE) && j < n->n; j++)
                if (ways[j].flags & HN_TAKE && shares(&ways[i], &ways[j])) {
                    mark(n, &ways[i], HN_TAKE);
                    more = true;
                }
    }
}

void hn_tree_take(struct hn_tree *t, struct hn_node *n, struct hn_way *w)
{
    mark(n, w, HN_TAKE);
    if (n->shared)
        take_shared(t, n);
}

void hn_tree_take_all(struct hn_tree *t, struct hn_node *n)
{
    for (uint32_t i = 0; n->open && i < n->n; i++)
        mark(n, &t->ways[n->first + i], HN_TAKE);
}

struct hn_way *hn_tree_find(struct hn_tree *t, const struct hn_node *n,
                            const struct hn_way *like)
{
    for (uint32_t i = 0; i < n->n; i++)
        if (is_same(&t->ways[n->first + i], like))
            return &t->ways[n->first + i];
    return NULL;
}

/* ---- sleep ---------------------------------------------------------------*/

/* Whether a way that sleeps at a node races with the event there, which is the
   latest: D3. */
static bool is_woken(const struct hn_tree *t, const struct hn_node *n,
                     const struct hn_way *w)
{
    const struct hn_way *event = &t->ways[n->first + n->value];
    const struct hn_touches *touches = &t->past.deeds.touches;

    if (w->task == GO_NOWHERE || event->task == GO_NOWHERE || w->loud ||
        shares(w, event))
        return true;
    if (hn_dpor_drop & HN_DROP_WAKE)
        return false;
    for (uint32_t i = n->touches; i < touches->n; i++) {
        const struct hn_touch *a = &touches->all[i];

        for (uint32_t j = w->kept; j < w->kept + w->nkept; j++)
            if (t->kept[j].object == a->object &&
                hn_kinds_race(t->kept[j].kind, a->kind))
                return true;
    }
    return false;
}

/* What slept or was done at the step before, and still does here. */
static void fall_asleep(struct hn_tree *t, struct hn_node *n)
{
    const struct hn_node *b = n->before ? &t->nodes[n->before - 1] : NULL;

    for (uint32_t i = 0; b && b->restless && i < b->n; i++) {
        const struct hn_way *w = &t->ways[b->first + i];
        struct hn_way *here;

        if (!(w->flags & (HN_WAS_TAKEN | HN_SLEEPS)) || is_woken(t, b, w))
            continue;
        here = hn_tree_find(t, n, w);
        if (here) {
            mark(n, here, HN_SLEEPS);
            n->restless = true;
            here->kept = w->kept;
            here->nkept = w->nkept;
            here->loud = w->loud;
        }
    }
}

/* The event of the newest node is over, all its touches are there. */
static void keep_touches(struct hn_tree *t, struct hn_node *n)
{
    const struct hn_touches *touches = &t->past.deeds.touches;
    struct hn_way *w = &t->ways[n->first + n->value];
    uint32_t more = touches->n - n->touches;

    HN_ROOM(t->kept, t->kept_cap, t->nkept + more);
    n->restless = true;
    w->flags |= HN_WAS_TAKEN;
    w->kept = t->nkept;
    w->nkept = more;
    for (uint32_t i = n->touches; i < touches->n; i++)
        t->kept[t->nkept++] =
            (struct hn_touched){touches->all[i].object, touches->all[i].kind};
}

/* ---- nodes ---------------------------------------------------------------*/

void hn_tree_reserve(struct hn_tree *t, uint32_t n)
{
    HN_ROOM(t->nodes, t->nodes_cap, t->depth + 1);
    HN_ROOM(t->known, t->known_cap, t->depth + 1);
    HN_ROOM(t->ways, t->ways_cap, t->nways + n);
}

static struct hn_node *push(struct hn_tree *t)
{
    struct hn_node *n = &t->nodes[t->depth];

    *n = (struct hn_node){.first = t->nways,
                          .before = t->step,
                          .kept = t->nkept,
                          .deeds = t->past.deeds.n,
                          .touches = t->past.deeds.touches.n};
    return n;
}

uint32_t hn_tree_rounds(const struct hn_tree *t)
{
    uint32_t n = ROUNDS;

    for (uint32_t i = 0; i < t->deep; i++)
        n *= DEEPER;
    return n;
}

/* D3: how often the same was done since something was that could matter. */
static uint32_t rounds(const struct hn_tree *t, const struct hn_way *w)
{
    uint32_t n = 0, left = SEEN * hn_tree_rounds(t);

    for (uint32_t i = t->step; i && left-- > 0; i = t->nodes[i - 1].before) {
        const struct hn_way *taken = hn_tree_taken(t, i - 1);

        if (!taken->idle && taken->op != GO_OP_READ)
            break;
        n += taken->idle && taken->task == w->task && taken->idle == w->idle;
    }
    return n;
}

/* D3 */
static void cut_loops(struct hn_tree *t, struct hn_node *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        struct hn_way *w = &t->ways[n->first + i];

        if (n->n > 1 && w->idle && rounds(t, w) >= hn_tree_rounds(t)) {
            mark(n, w, HN_CUT);
            t->looped = true;
        }
    }
}

/*
 * The first task that may; then who waits in a loop, then the clock.
 * n->n: there is none.
 * Not who took the last step: always the first gives one choice to all places
 * from where the same could follow, and fewer executions in vain.
 */
static uint32_t first_way(const struct hn_tree *t, const struct hn_node *n)
{
    uint32_t last = n->n;
    uint32_t from = t->depth % TURN ? 0 : t->depth / TURN % n->n; /* D4 */
    const struct hn_way *ways = &t->ways[n->first];

    for (uint32_t turn = 0; turn < n->n; turn++) {
        uint32_t i = from + turn < n->n ? from + turn : from + turn - n->n;
        const struct hn_way *w = &ways[i];

        if (w->flags & (HN_SLEEPS | HN_CUT))
            continue;
        if (w->task != GO_NOWHERE && !(w->idle && rounds(t, w)))
            return i;
        if (last == n->n || ways[last].task == GO_NOWHERE)
            last = i;
    }
    return last;
}

/* Whether somebody could go on but for D3. */
static bool has_loop(const struct hn_tree *t, const struct hn_node *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        unsigned flags = t->ways[n->first + i].flags;

        if (flags & HN_CUT && !(flags & HN_SLEEPS))
            return true;
    }
    return false;
}

/* All that is on offer; whether any may be idle. */
static inline bool set_ways(struct hn_tree *t, struct hn_node *n,
                            const struct go_step *steps)
{
    struct hn_way *w = &t->ways[n->first];
    uint32_t task = GO_NOWHERE;
    uintptr_t idle = 0;

    for (uint32_t i = 0; i < n->n; i++, w++) {
        set_way(w, &steps[i]);
        n->shared |= w->meets || w->task == task; /* a task's come together */
        task = w->task;
        idle |= w->idle;
    }
    return idle;
}

uint32_t hn_tree_add(struct hn_tree *t, const struct go_step *steps, uint32_t n)
{
    struct hn_node *node = push(t);

    t->nways += n;
    node->n = node->open = n;
    if (set_ways(t, node, steps))
        cut_loops(t, node);
    fall_asleep(t, node);
    node->value = first_way(t, node);
    if (node->value == n) {
        t->loops = has_loop(t, node);
        t->nways = node->first;
        return GO_NOWHERE;
    }
    hn_tree_take(t, node, &t->ways[node->first + node->value]);
    if (t->ways[t->nways - 1].task == GO_NOWHERE) /* the clock's is the last */
        mark(node, &t->ways[t->nways - 1], HN_TAKE);
    t->depth++;
    return node->value;
}

void hn_tree_add_number(struct hn_tree *t, uint32_t n)
{
    struct hn_node *node = push(t);

    node->number = true;
    node->n = n;
    t->depth++;
    if (t->step)
        hn_tree_taken(t, t->step - 1)->loud = true;
}

void hn_tree_got(struct hn_tree *t, uint32_t task)
{
    struct hn_way *w = t->step ? hn_tree_taken(t, t->step - 1) : NULL;

    if (w && w->task == task && w->op == GO_OP_ASK)
        w->idle = 0;
}

/* What was done at the node, and after it, was not. */
static void take_back(struct hn_tree *t, const struct hn_node *n)
{
    struct hn_past *p = &t->past;

    if (p->gone > n->deeds) {
        hn_past_undo(p, n->mark);
        if (n->number && n->before)
            t->nodes[n->before - 1].clock = n->clock;
        p->gone = n->deeds;
    }
    p->deeds.n = n->deeds;
    p->deeds.touches.n = n->touches;
}

static void pop(struct hn_tree *t)
{
    struct hn_node *n = &t->nodes[--t->depth];

    take_back(t, n);
    t->nways = n->first;
    t->nkept = n->kept;
}

/* Another value, or another way, for the newest node; false: none is left. */
static bool take_next(struct hn_tree *t, struct hn_node *n)
{
    if (n->number) {
        take_back(t, n);
        return ++n->value < n->n;
    }
    for (uint32_t i = 0; i < n->n; i++)
        if (i != n->value &&
            (t->ways[n->first + i].flags &
             (HN_TAKE | HN_WAS_TAKEN | HN_SLEEPS | HN_CUT)) == HN_TAKE) {
            keep_touches(t, n);
            n->value = i;
            take_back(t, n);
            return true;
        }
    return false;
}

/* Of what was known, and of what is closed, as much is left. */
static void cut_off(struct hn_tree *t)
{
    if (t->closed > t->depth)
        t->closed = t->depth;
    if (t->nknown >= t->depth)
        t->nknown = t->depth ? t->depth - 1 : 0;
}

bool hn_tree_advance(struct hn_tree *t)
{
    while (t->depth && !take_next(t, &t->nodes[t->depth - 1]))
        pop(t);
    cut_off(t);
    return t->depth > 0;
}

/* How it is taken again. */
static struct go_known known(const struct hn_tree *t, const struct hn_node *n)
{
    const struct hn_way *w = &t->ways[n->first + n->value];
    bool simple = !n->number && w->which == -1 && w->partner == GO_NOWHERE &&
                  w->task != GO_NOWHERE;

    return simple ? (struct go_known){n->n, n->value, w->task, w->op, w->object}
                  : (struct go_known){0};
}

const struct go_known *hn_tree_known(struct hn_tree *t, uint32_t *n)
{
    *n = t->depth ? t->depth - 1 : 0;
    for (; t->nknown < *n; t->nknown++)
        t->known[t->nknown] = known(t, &t->nodes[t->nknown]);
    return t->known;
}

void hn_tree_empty(struct hn_tree *t)
{
    while (t->depth)
        pop(t);
    cut_off(t);
    hn_past_undo(&t->past, (struct hn_mark){1, 0, 0});
    t->past.deeds.n = t->past.deeds.touches.n = t->past.gone = 0;
    t->cut = t->looped = false;
}

bool hn_tree_deepen(struct hn_tree *t)
{
    if (t->deep == DEEPEST)
        return false;
    hn_tree_empty(t);
    t->deep++;
    return true;
}

void hn_tree_free(struct hn_tree *t)
{
    hn_past_free(&t->past);
    hn_memory_give(t->nodes);
    hn_memory_give(t->known);
    hn_memory_give(t->ways);
    hn_memory_give(t->kept);
    hn_memory_give(t->initials);
}

/*
 * dpor.c - the search for all executions that differ: source sets (Abdulla,
 * Aronis, Jonsson and Sagonas, 2014) with sleep sets (Godefroid).
 *
 * In:  the choices of an execution (strategy.h), its races (past.h). Out: the
 * choices of the next one.
 *
 * Method: depth first. A node is a choice: the steps that could be taken, and
 * which of them are to be. At first that is one task's; when a later event
 * turns out to race with the one taken here, what would have to come first for
 * the other order is added. A step that was tried here sleeps in what is tried
 * next, until something is done that it races with: for as long, both orders
 * are the same, and one of them is known.
 *
 * A step has up to two tasks (a rendezvous), and a task may have several steps
 * (a select, a signal), so steps are kept here, not tasks.
 *
 * D1  Steps that share a task are added together: once one of them is taken
 *     the others are no more, and no race will ever tell.
 * D2  At the end, what everybody stands at races as if it were done.
 * D3  A note is part of the event before it: it is taken back with it, and
 *     what sleeps remembers all touches of the event that it was.
 * D4  What sleeps is known in the way that it could be done then. If there are
 *     others after the initials, those come first.
 * D5  If nothing that could come first is a step of the node, all are added.
 * D6  A panic ends what others could still have done, so all of them are.
 *
 * Why no wakeup trees (optimal DPOR): they save the executions that end
 * because all that is left sleeps; with these points there are few.
 */
#include "harness/explore/dpor.h"

#include <stdlib.h>
#include <string.h>

#include "harness/explore/past.h"
#include "harness/explore/room.h"

unsigned hn_dpor_drop;

enum {
    TAKE = 1,  /* is to be tried, or has been */
    DONE = 2,  /* has been */
    SLEEP = 4, /* need not be */
};

/* A step that could be taken, and what it touched when it was. */
struct way {
    uint32_t task, partner;
    int32_t which, partner_which;
    uint16_t flags;
    bool meets, signals;
    bool loud; /* what it touches depends on a number: nothing is known */
    uint32_t kept, nkept; /* in kept[] */
};

struct touched {
    const void *object;
    uint32_t kind;
};

struct node {
    bool number;       /* of go_choose: value of n, and nothing else */
    uint32_t value;    /* or which way is taken */
    uint32_t first, n; /* in ways[] */
    uint32_t open;     /* ways that are neither to be tried nor asleep */
    uint32_t before;   /* the choice before it that is a step, + 1; 0: none */
    uint32_t clock, line; /* of its event; a number's: before it was drawn */
    uint32_t kept;        /* kept[] before it */
    struct hn_mark mark;  /* the past before its event */
};

struct hn_strategy {
    struct hn_past past;
    struct node *nodes;
    uint32_t depth, nodes_cap;
    struct way *ways;
    uint32_t nways, ways_cap;
    struct touched *kept;
    uint32_t nkept, kept_cap;
    uint32_t *initials, initials_cap; /* scratch */

    uint32_t at;       /* choices made in this execution */
    uint32_t step;     /* the latest node that is a step, + 1; 0: none */
    bool blocked;      /* all that is left sleeps */
    bool lost;         /* not the execution that its choices say */
    bool cut;          /* some execution was, by a bound */
    uint32_t releases; /* go_control_releases, at its beginning */
    bool exhausted;
    uint64_t in_vain;
};

static inline struct way *taken_at(const struct hn_strategy *s, uint32_t node)
{
    return &s->ways[s->nodes[node].first + s->nodes[node].value];
}

/* ---- ways ----------------------------------------------------------------*/

static struct way way_of(const struct go_step *step)
{
    const struct go_point *p = step->point;

    return (struct way){.task = p ? p->task : GO_NOWHERE,
                        .partner = step->partner,
                        .which = step->which,
                        .partner_which = step->partner_which,
                        .meets = p && hn_is_meeting(step),
                        .signals = p && p->op == GO_OP_SIGNAL};
}

/* The same step at another moment. Who is signalled is a task, not a place. */
static bool is_same(const struct way *a, const struct way *b)
{
    return a->task == b->task && a->partner == b->partner &&
           (a->signals || a->which == b->which) &&
           a->partner_which == b->partner_which;
}

/* The same at the same moment of another execution. */
static inline bool is_step(const struct way *w, const struct go_step *step)
{
    return w->task == (step->point ? step->point->task : GO_NOWHERE) &&
           w->which == step->which && w->partner == step->partner &&
           w->partner_which == step->partner_which;
}

static bool has_task(const struct way *w, uint32_t task)
{
    return w->task == task || (w->meets && w->partner == task);
}

static bool shares(const struct way *a, const struct way *b)
{
    return has_task(b, a->task) || (a->meets && has_task(b, a->partner));
}

static void mark(struct node *n, struct way *w, uint16_t flag)
{
    if (!(w->flags & (TAKE | SLEEP)))
        n->open--;
    w->flags |= flag;
}

/* D1: with all that share a task with it, and with those. */
static void take(struct hn_strategy *s, struct node *n, struct way *w)
{
    struct way *ways = &s->ways[n->first];
    bool more = !(hn_dpor_drop & HN_DROP_SHARED);

    mark(n, w, TAKE);
    while (more && n->open) {
        more = false;
        for (uint32_t i = 0; i < n->n; i++)
            for (uint32_t j = 0; !(ways[i].flags & TAKE) && j < n->n; j++)
                if (ways[j].flags & TAKE && shares(&ways[i], &ways[j])) {
                    mark(n, &ways[i], TAKE);
                    more = true;
                }
    }
}

static void take_all(struct hn_strategy *s, struct node *n)
{
    for (uint32_t i = 0; n->open && i < n->n; i++)
        mark(n, &s->ways[n->first + i], TAKE);
}

/* ---- races ---------------------------------------------------------------*/

/* Whether what was done at the node comes after an event by a clock. */
static bool has(const struct hn_strategy *s, uint32_t clock, uint32_t node)
{
    return hn_past_has(&s->past, clock, s->nodes[node].line, node + 1);
}

static struct hn_race event_at(const struct hn_strategy *s, uint32_t node)
{
    return (struct hn_race){node + 1, s->nodes[node].line};
}

static struct way *find(struct hn_strategy *s, const struct node *n,
                        const struct way *like)
{
    for (uint32_t i = 0; i < n->n; i++)
        if (is_same(&s->ways[n->first + i], like))
            return &s->ways[n->first + i];
    return NULL;
}

/* What can come first of that which did not need the event at node from, up to
   node to: the first steps, none of them after another. Returns how many. */
static uint32_t find_initials(struct hn_strategy *s, uint32_t from, uint32_t to)
{
    uint32_t n = 0;

    HN_ROOM(s->initials, s->initials_cap, s->depth + 1);
    for (uint32_t j = from + 1; j < to; j++) {
        uint32_t i = 0;

        if (s->nodes[j].number || has(s, s->nodes[j].clock, from))
            continue;
        while (i < n && !has(s, s->nodes[j].clock, s->initials[i]))
            i++;
        if (i == n)
            s->initials[n++] = j;
    }
    return n;
}

/* Whether one of the n initials is tried at the node already, or sleeps. If
   not, *first is one that can be taken there, NULL: none. */
static bool is_known(struct hn_strategy *s, const struct node *at, uint32_t n,
                     struct way **first)
{
    *first = NULL;
    for (uint32_t i = 0; i < n; i++) {
        struct way *w = find(s, at, taken_at(s, s->initials[i]));

        if (w && w->flags & (TAKE | SLEEP))
            return true;
        if (w && !*first)
            *first = w;
    }
    return false;
}

/*
 * Whether line could go first, were the event at node from not: none of the n
 * initials is its own, or needed by what it does.
 */
static bool can_lead(const struct hn_strategy *s, uint32_t line, uint32_t from,
                     uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (has_task(taken_at(s, s->initials[i]), line - 1) ||
            hn_past_needs(&s->past, line, event_at(s, s->initials[i]),
                          event_at(s, from)))
            return false;
    return line != 0;
}

/* Adds all steps of a task; false: it has none, or awake is asked for and all
   of them sleep. */
static bool take_task(struct hn_strategy *s, struct node *n, uint32_t task,
                      bool awake)
{
    bool any = false;

    for (uint32_t i = 0; i < n->n; i++) {
        struct way *w = &s->ways[n->first + i];

        if (!has_task(w, task))
            continue;
        any |= !awake || !(w->flags & SLEEP);
        if (!(w->flags & TAKE))
            take(s, n, w);
    }
    return any;
}

/*
 * What line does after all before node to is to be seen before the event at
 * node from, too. line 0: not it alone, but what the event did besides that it
 * is part of.
 */
static void reverse(struct hn_strategy *s, uint32_t from, uint32_t to,
                    uint32_t line)
{
    struct node *at = &s->nodes[from];
    struct way *first;
    uint32_t n;

    n = find_initials(s, from, to);
    if (is_known(s, at, n, &first))
        return;
    if (can_lead(s, line, from, n) &&
        take_task(s, at, line - 1, first && hn_past_is_loose(&s->past, line)))
        return;
    if (first)
        take(s, at, first);
    else if (!(hn_dpor_drop & HN_DROP_ALL))
        take_all(s, at);
}

/* The races that were found, in what comes before node to. Of an event they
   are looked at when it is over, for what it did besides counts, too. */
static void reverse_all(struct hn_strategy *s, uint32_t to)
{
    for (uint32_t i = 0; i < s->past.nraces; i++) {
        const struct hn_race *r = &s->past.races[i];

        if (s->nodes[r->event - 1].open)
            reverse(s, r->event - 1, r->line ? to : s->step, r->line);
    }
    s->past.nraces = 0;
}

/* D2. */
static void reverse_pending(struct hn_strategy *s)
{
    uint32_t task = 0;

    if (hn_dpor_drop & HN_DROP_PENDING)
        return;
    while ((task = go_control_next(task)) != GO_NOWHERE) {
        const struct go_point *p = go_control_point(task++);

        hn_past_pending(&s->past, p);
        reverse_all(s, s->depth);
    }
}

/* ---- sleep ---------------------------------------------------------------*/

/* Whether a way that sleeps at a node races with the event there: D3. */
static bool is_woken(const struct hn_strategy *s, const struct node *n,
                     const struct way *w)
{
    const struct way *event = &s->ways[n->first + n->value];
    const struct hn_past *p = &s->past;

    if (w->task == GO_NOWHERE || event->task == GO_NOWHERE || w->loud ||
        shares(w, event))
        return true;
    if (hn_dpor_drop & HN_DROP_WAKE)
        return false;
    for (uint32_t i = n->mark.accesses; i < p->naccesses; i++) {
        const struct hn_access *a = &p->accesses[i];

        for (uint32_t j = w->kept; j < w->kept + w->nkept; j++)
            if (s->kept[j].object == p->objects[a->object].address &&
                hn_kinds_race(s->kept[j].kind, a->kind))
                return true;
    }
    return false;
}

/* What slept or was done at the step before, and still does here. */
static void fall_asleep(struct hn_strategy *s, struct node *n)
{
    const struct node *b = n->before ? &s->nodes[n->before - 1] : NULL;

    for (uint32_t i = 0; b && i < b->n; i++) {
        const struct way *w = &s->ways[b->first + i];
        struct way *here;

        if (!(w->flags & (DONE | SLEEP)) || is_woken(s, b, w))
            continue;
        here = find(s, n, w);
        if (here) {
            mark(n, here, SLEEP);
            here->kept = w->kept;
            here->nkept = w->nkept;
            here->loud = w->loud;
        }
    }
}

/* The event of the newest node is over, all its accesses are there. */
static void keep_touches(struct hn_strategy *s, const struct node *n)
{
    const struct hn_past *p = &s->past;
    struct way *w = &s->ways[n->first + n->value];
    uint32_t more = p->naccesses - n->mark.accesses;

    HN_ROOM(s->kept, s->kept_cap, s->nkept + more);
    w->flags |= DONE;
    w->kept = s->nkept;
    w->nkept = more;
    for (uint32_t i = n->mark.accesses; i < p->naccesses; i++)
        s->kept[s->nkept++] = (struct touched){
            p->objects[p->accesses[i].object].address, p->accesses[i].kind};
}

/* ---- an execution --------------------------------------------------------*/

static struct node *push(struct hn_strategy *s)
{
    struct node *n;

    HN_ROOM(s->nodes, s->nodes_cap, s->depth + 1);
    n = &s->nodes[s->depth];
    *n = (struct node){.first = s->nways,
                       .before = s->step,
                       .kept = s->nkept,
                       .mark = hn_past_mark(&s->past)};
    return n;
}

/*
 * The first task that may; the clock only if there is none. n->n: all sleep.
 * Not who took the last step: always the first gives one choice to all places
 * from where the same could follow, and fewer executions in vain.
 */
static uint32_t first_way(const struct hn_strategy *s, const struct node *n)
{
    uint32_t clock = n->n;

    for (uint32_t i = 0; i < n->n; i++) {
        const struct way *w = &s->ways[n->first + i];

        if (w->flags & SLEEP)
            continue;
        if (w->task != GO_NOWHERE)
            return i;
        clock = i;
    }
    return clock;
}

/* A choice that was not there before. False: nothing is to be tried in it. */
static bool add_node(struct hn_strategy *s, const struct go_step *steps,
                     uint32_t n)
{
    struct node *node = push(s);

    HN_ROOM(s->ways, s->ways_cap, s->nways + n);
    for (uint32_t i = 0; i < n; i++)
        s->ways[s->nways++] = way_of(&steps[i]);
    node->n = node->open = n;
    fall_asleep(s, node);
    node->value = first_way(s, node);
    if (node->value == n) {
        s->nways = node->first;
        return false;
    }
    take(s, node, &s->ways[node->first + node->value]);
    for (uint32_t i = 0; i < n; i++)
        if (s->ways[node->first + i].task == GO_NOWHERE)
            mark(node, &s->ways[node->first + i], TAKE);
    s->depth++;
    return true;
}

/* The newest node's step is taken: its event. */
static void take_step(struct hn_strategy *s, const struct go_step *step)
{
    uint32_t k = s->depth - 1;

    s->nodes[k].line = hn_line(taken_at(s, k)->task);
    s->nodes[k].clock = hn_past_step(&s->past, step, k + 1);
}

static void end_event(struct hn_strategy *s)
{
    if (s->past.nraces)
        reverse_all(s, s->step - 1);
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    struct node *node;

    end_event(s);
    if (s->at == s->depth && !add_node(s, steps, n)) {
        s->blocked = true;
        return GO_NOWHERE;
    }
    node = &s->nodes[s->at++];
    s->step = s->at;
    if (!node->number && node->n == n) {
        if (is_step(&s->ways[node->first + node->value], &steps[node->value])) {
            if (s->at == s->depth)
                take_step(s, &steps[node->value]);
            return s->nodes[s->at - 1].value;
        }
    }
    s->lost = true;
    return GO_NOWHERE;
}

static uint32_t number(struct hn_strategy *s, uint32_t task, uint32_t n)
{
    struct node *node;

    (void)task;
    if (s->lost)
        return 0;
    if (s->at == s->depth) {
        if (s->step)
            taken_at(s, s->step - 1)->loud = true;
        node = push(s);
        node->number = true;
        node->n = n;
        if (s->step)
            node->clock = s->nodes[s->step - 1].clock;
        s->depth++;
    }
    node = &s->nodes[s->at++];
    if (!node->number || node->n != n) {
        s->lost = true;
        return 0;
    }
    return node->value;
}

static void note(struct hn_strategy *s, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    uint32_t step = s->step, line = 0, clock;

    if (s->at < s->depth || s->lost || s->blocked || what == GO_NOTE_END)
        return;
    if (step)
        line = s->nodes[step - 1].line;
    clock = hn_past_note(&s->past, what, task, object, other, line, step);
    if (clock && step)
        s->nodes[step - 1].clock =
            hn_past_join(&s->past, s->nodes[step - 1].clock, clock);
}

/* ---- from one to the next ------------------------------------------------*/

static void pop(struct hn_strategy *s)
{
    struct node *n = &s->nodes[--s->depth];

    hn_past_undo(&s->past, n->mark);
    s->nways = n->first;
    s->nkept = n->kept;
}

/* Another value, or another way, for the newest node; false: none is left. */
static bool advance(struct hn_strategy *s, struct node *n)
{
    if (n->number) {
        hn_past_undo(&s->past, n->mark);
        if (n->before)
            s->nodes[n->before - 1].clock = n->clock;
        return ++n->value < n->n;
    }
    for (uint32_t i = 0; i < n->n; i++)
        if (i != n->value &&
            (s->ways[n->first + i].flags & (TAKE | DONE | SLEEP)) == TAKE) {
            keep_touches(s, n);
            n->value = i;
            hn_past_undo(&s->past, n->mark);
            return true;
        }
    return false;
}

static void forget(struct hn_strategy *s)
{
    while (s->depth)
        pop(s);
    hn_past_undo(&s->past, (struct hn_mark){1, 0, 0});
    s->lost = false;
}

/* D6: and whether main's end, or a bound, has cut off what could go on. */
static void look_at_end(struct hn_strategy *s, const struct go_execution *e)
{
    s->in_vain += s->blocked;
    if (e->end == GO_END_BOUND && !s->blocked)
        s->cut = true;
    reverse_pending(s);
    if (e->end == GO_END_PANIC && s->step)
        take_all(s, &s->nodes[s->step - 1]);
}

static bool end(struct hn_strategy *s, const struct go_execution *e)
{
    if (go_control_releases() != s->releases) {
        forget(s);
        return true;
    }
    if (s->lost) {
        s->cut = true;
        return false;
    }
    end_event(s);
    look_at_end(s, e);
    while (s->depth && !advance(s, &s->nodes[s->depth - 1]))
        pop(s);
    s->exhausted = s->depth == 0;
    return !s->exhausted;
}

static void begin(struct hn_strategy *s)
{
    s->at = s->step = 0;
    s->blocked = false;
    s->past.nraces = 0;
    s->releases = go_control_releases();
}

static bool complete(const struct hn_strategy *s)
{
    return s->exhausted && !s->cut;
}

uint64_t hn_dpor_blocked(const struct hn_strategy *s)
{
    return s->in_vain;
}

static struct hn_strategy *make(uint32_t parameter, uint64_t seed)
{
    (void)parameter;
    (void)seed;
    return calloc(1, sizeof(struct hn_strategy));
}

static void unmake(struct hn_strategy *s)
{
    if (!s)
        return;
    hn_past_free(&s->past);
    free(s->nodes);
    free(s->ways);
    free(s->kept);
    free(s->initials);
    free(s);
}

const struct hn_strategy_kind hn_dpor = {
    .name = "dpor",
    .about = "all schedules that differ, each at least once",
    .make = make,
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .number = number,
    .note = note,
    .end = end,
    .complete = complete,
};

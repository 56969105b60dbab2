/*
 * reverse.c - what is to be tried so that a race is seen in its other order.
 *
 * In:  races (past.h): an event, and the line of a task that has done, or stands
 * at, what may as well have come before it. Out: ways of the event's node.
 *
 * Method: source sets (Abdulla, Aronis, Jonsson and Sagonas, 2014). What did
 * not need the event can be done without it, and then the other of the two.
 * The first steps of that, which need none of the others, are its initials; if
 * one of them is tried at the node already, or sleeps there, the order is
 * known, or will be. Else one is added: the other of the two itself if it can
 * lead, with all its ways.
 *
 * E1  At the end of an execution, what everybody stands at races as if it were
 *     done.
 * E2  What could be done in more ways than one is not known because it sleeps:
 *     that is known of the ways that it had then, and what else comes first may
 *     give it others. So then that is added.
 * E3  If nothing that could come first is a way of the node, all are added.
 * E4  Each race looks at all that came after its event: of a loop that goes on
 *     to the bound these are too many, and such an execution is cut off in any
 *     case. After WORK_MAX nodes what is left is not reversed, and the search
 *     not complete: a number of nodes, so it ends as it does on any machine.
 */
#include "harness/explore/reverse.h"

#include "harness/explore/dpor.h"
#include "harness/explore/room.h"

enum {
    WORK_MAX = 1 << 25
};

/* E4 */
static bool has_worked_enough(struct hn_tree *t)
{
    t->cut |= t->work >= WORK_MAX;
    return t->work >= WORK_MAX;
}

/* Whether what was done at the node comes after an event by a clock. */
static bool has(const struct hn_tree *t, uint32_t clock, uint32_t node)
{
    return hn_clock_has(&t->past.clocks, clock, t->nodes[node].line, node + 1);
}

static struct hn_race event_at(const struct hn_tree *t, uint32_t node)
{
    return (struct hn_race){node + 1, t->nodes[node].line};
}

/* What can come first of that which did not need the event at node from, up to
   node to: the first steps, none of them after another. Returns how many. */
static uint32_t find_initials(struct hn_tree *t, uint32_t from, uint32_t to)
{
    uint32_t n = 0;

    t->work += to - from;
    HN_ROOM(t->initials, t->initials_cap, t->depth + 1);
    for (uint32_t j = from + 1; j < to; j++) {
        uint32_t i = 0;

        if (t->nodes[j].number || has(t, t->nodes[j].clock, from))
            continue;
        while (i < n && !has(t, t->nodes[j].clock, t->initials[i]))
            i++;
        if (i == n)
            t->initials[n++] = j;
    }
    return n;
}

/* Whether one of the n initials is tried at the node already, or sleeps. If
   not, *first is one that can be taken there, NULL: none. */
static bool is_known(struct hn_tree *t, const struct hn_node *at, uint32_t n,
                     struct hn_way **first)
{
    *first = NULL;
    for (uint32_t i = 0; i < n; i++) {
        struct hn_way *w =
            hn_tree_find(t, at, hn_tree_taken(t, t->initials[i]));

        if (w && w->flags & (HN_TAKE | HN_SLEEPS | HN_CUT))
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
static bool can_lead(struct hn_tree *t, uint32_t line, uint32_t from,
                     uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (hn_way_has(hn_tree_taken(t, t->initials[i]), line - 1) ||
            hn_past_needs(&t->past, line, event_at(t, t->initials[i]),
                          event_at(t, from)))
            return false;
    return line != 0;
}

/* Adds all steps of a task; false: it has none, or awake is asked for and all
   of them sleep. */
static bool take_task(struct hn_tree *t, struct hn_node *n, uint32_t task,
                      bool awake)
{
    bool any = false;

    for (uint32_t i = 0; i < n->n; i++) {
        struct hn_way *w = &t->ways[n->first + i];

        if (!hn_way_has(w, task))
            continue;
        any |= !awake || !(w->flags & HN_SLEEPS);
        if (!(w->flags & HN_TAKE))
            hn_tree_take(t, n, w);
    }
    return any;
}

/*
 * What line does after all before node to is to be seen before the event at
 * node from, too. line 0: not it alone, but what the event did besides that it
 * is part of.
 */
static void reverse(struct hn_tree *t, uint32_t from, uint32_t to,
                    uint32_t line)
{
    struct hn_node *at = &t->nodes[from];
    struct hn_way *first;
    uint32_t n;

    n = find_initials(t, from, to);
    if (is_known(t, at, n, &first))
        return;
    if (can_lead(t, line, from, n) &&
        take_task(t, at, line - 1, first && hn_past_is_loose(&t->past, line)))
        return;
    if (first)
        hn_tree_take(t, at, first);
    else if (!(hn_dpor_drop & HN_DROP_ALL))
        hn_tree_take_all(t, at);
}

void hn_reverse(struct hn_tree *t, uint32_t to)
{
    for (uint32_t i = 0; i < t->past.nraces; i++) {
        const struct hn_race *r = &t->past.races[i];

        if (t->nodes[r->event - 1].open && !has_worked_enough(t))
            reverse(t, r->event - 1, r->line ? to : to + 1, r->line);
    }
    t->past.nraces = 0;
}

/* Where a timer could fire early, that is to be tried already. */
static bool has_clock(const struct hn_tree *t, const struct hn_node *n)
{
    return t->ways[n->first + n->n - 1].task == GO_NOWHERE;
}

void hn_reverse_clock(struct hn_tree *t, uint32_t to)
{
    struct hn_way *first;

    for (uint32_t from = hn_tree_open(t); from < to; from++) {
        struct hn_node *n = &t->nodes[from];

        if (!n->number && n->open && !has(t, t->past.time, from) &&
            !has_clock(t, n) && !has_worked_enough(t) &&
            !is_known(t, n, find_initials(t, from, to), &first) && first)
            hn_tree_take(t, n, first);
    }
}

void hn_reverse_pending(struct hn_tree *t)
{
    uint32_t task = 0;

    if (hn_dpor_drop & HN_DROP_PENDING)
        return;
    while ((task = go_control_next(task)) != GO_NOWHERE) {
        const struct go_point *p = go_control_point(task++);

        hn_past_pending(&t->past, p);
        hn_reverse(t, t->depth);
    }
    if (go_control_may_hurry())
        hn_reverse_clock(t, t->depth);
}

/*
 * settle.c - what was done becomes past, event by event.
 *
 * In:  deeds (deeds.h) and the nodes that they belong to. Out: the clocks of
 * the nodes; the ways that reverse.c adds.
 *
 * Method: late. While an execution goes on it is only noted what is done; what
 * races with what is asked at its end, and only as long as the answer could
 * change anything. Most executions are one choice and its only end: nothing is
 * asked of these.
 *
 * L1  A race adds ways to a node that has open ones, and nodes that have none
 *     never have again. So where no node has, whatever was not gone through may
 *     stay so: to the end of an execution in which one has, or for good.
 * L2  All is gone through in order, and what was left out had nothing to add:
 *     so a node that is come to has the ways that it would have had then.
 * L3  When time goes on, who stands where says what comes after it: that is
 *     gone through at once.
 */
#include "harness/explore/settle.h"

#include "harness/explore/reverse.h"

/* The event of that place is over. */
static inline void end_event(struct hn_tree *t, uint32_t event)
{
    if (t->past.nraces)
        hn_reverse(t, event - 1);
}

static bool is_step(const struct hn_deed *d)
{
    return d->kind == HN_DEED_STEP || d->kind == HN_DEED_EARLY;
}

static void begin_event(struct hn_tree *t, const struct hn_deed *d)
{
    struct hn_node *n = &t->nodes[d->event - 1];

    if (d->kind == HN_DEED_EARLY)
        hn_reverse_clock(t, d->event - 1);
    n->mark = hn_past_mark(&t->past);
    n->line = d->line;
    n->clock = hn_past_step(&t->past, d);
}

static void draw_number(struct hn_tree *t, const struct hn_deed *d)
{
    struct hn_node *n = &t->nodes[d->event - 1];

    n->mark = hn_past_mark(&t->past);
    n->clock = n->before ? t->nodes[n->before - 1].clock : 0;
}

/* Part of its event. */
static void go_on(struct hn_tree *t, const struct hn_deed *d)
{
    struct hn_node *n = d->event ? &t->nodes[d->event - 1] : NULL;
    uint32_t clock;

    if (d->kind == HN_DEED_TIME && go_control_may_hurry())
        hn_reverse_clock(t, d->event);
    clock = hn_past_note(&t->past, d, n ? n->line : 0);
    if (clock && n)
        n->clock = hn_clocks_joined(&t->past.clocks, n->clock, clock);
}

/* Whether a race could add something: with which events. */
static inline bool is_open(struct hn_tree *t)
{
    t->past.from = hn_tree_open(t) + 1;
    return t->past.from <= t->depth;
}

static void settle(struct hn_tree *t, bool all)
{
    struct hn_past *p = &t->past;

    while (p->gone < p->deeds.n) {
        const struct hn_deed *d = &p->deeds.all[p->gone];

        if (is_step(d)) {
            end_event(t, t->nodes[d->event - 1].before);
            if (!is_open(t) && !all)
                return; /* L1 */
            begin_event(t, d);
        } else if (d->kind == HN_DEED_NUMBER) {
            draw_number(t, d);
        } else {
            go_on(t, d);
        }
        p->gone++;
    }
}

void hn_settle_now(struct hn_tree *t)
{
    settle(t, true);
}

void hn_settle_end(struct hn_tree *t, bool pending)
{
    settle(t, false);
    end_event(t, t->step);
    if (is_open(t) && pending)
        hn_reverse_pending(t);
}

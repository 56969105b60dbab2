/*
 * tree.h - the choices of an execution, and what is still to be tried at each.
 *
 * A node is a choice: steps (ways) one of which is taken, or a number. The
 * nodes are a stack: the execution that goes on, and what differs in the next
 * one is always the newest that has something left. A way has what is to be
 * known of it when it is not possible any more: its event's past is in the
 * node, and what it touched is kept for as long as it sleeps.
 */
#ifndef HN_EXPLORE_TREE_H
#define HN_EXPLORE_TREE_H

#include "harness/explore/past.h"

enum hn_way_flag {
    HN_TAKE = 1, /* is to be tried, or has been */
    HN_WAS_TAKEN = 2,
    HN_SLEEPS = 4, /* need not be: what it leads to is known */
    HN_CUT = 8,    /* is not: it goes round and round */
};

struct hn_way {
    uint32_t task, partner;
    int32_t which, partner_which;
    const void *object; /* of its point */
    uint16_t flags;
    uint16_t op; /* enum go_op; of the clock none */
    /* Where, if it may well have changed nothing: a try, a look; 0: it has. */
    uintptr_t idle;
    bool meets;
    bool loud; /* what it touches depends on a number: nothing is known */
    uint32_t kept, nkept; /* in kept[], once it was taken */
};

struct hn_touched {
    const void *object;
    uint32_t kind;
};

struct hn_node {
    bool number;       /* of go_choose: value of n, and nothing else */
    uint32_t value;    /* or which way is taken */
    uint32_t first, n; /* in ways[] */
    uint32_t open;     /* ways that are neither to be tried nor asleep */
    bool shared;       /* some ways may share a task */
    bool restless;     /* some were taken, or sleep */
    uint32_t before;   /* the choice before it that is a step, + 1; 0: none */
    /* Of its event, once that is past; a number's: before it was drawn. */
    uint32_t clock;
    uint32_t line;           /* of its event */
    uint32_t kept;           /* kept[] before it */
    uint32_t deeds, touches; /* noted before it */
    struct hn_mark mark;     /* the past before its event, once that is past */
};

struct hn_tree { /* zero is ready */
    struct hn_past past;
    struct hn_node *nodes;
    uint32_t depth, nodes_cap;
    uint32_t closed;        /* no node before it has open ways */
    uint32_t nknown;        /* nodes that known[] is right for */
    struct go_known *known; /* of each node, for who makes its choice again */
    uint32_t known_cap;
    struct hn_way *ways;
    uint32_t nways, ways_cap;
    struct hn_touched *kept;
    uint32_t nkept, kept_cap;
    uint32_t *initials, initials_cap; /* of reverse.c */
    uint32_t step; /* the latest node of this execution that is a step, + 1 */
    uint64_t work; /* of reverse.c, at the end of this execution: nodes */
    bool cut;      /* not all that races is known: too much does */
    bool looped;   /* some way was cut: not all there is is tried */
    uint32_t deep; /* how often hn_tree_deepen was: D5 */
    bool loops;    /* the node that was not added had only such a way left */
};

void hn_tree_free(struct hn_tree *t);
void hn_tree_empty(struct hn_tree *t);
/* How often a loop that waits is gone round, before it is cut. More often from
   here on, in a tree that is empty; false: that is the most. */
uint32_t hn_tree_rounds(const struct hn_tree *t);
bool hn_tree_deepen(struct hn_tree *t);

/* The first node that has open ways; t->depth: none has. */
static inline uint32_t hn_tree_open(struct hn_tree *t)
{
    while (t->closed < t->depth && !t->nodes[t->closed].open)
        t->closed++;
    return t->closed;
}

/* The way that is taken at a node. */
static inline struct hn_way *hn_tree_taken(const struct hn_tree *t,
                                           uint32_t node)
{
    return &t->ways[t->nodes[node].first + t->nodes[node].value];
}

/* The same step at the same moment of another execution. Objects have to lie
   where they lay, or their accesses so far are of something else; and the same
   has to be done to them, or the races that were found are of another step. */
static inline bool hn_way_is(const struct hn_way *w, const struct go_step *step)
{
    const struct go_point *p = step->point;

    return w->task == (p ? p->task : GO_NOWHERE) &&
           w->op == (p ? p->op : GO_OP_NONE) &&
           w->object == (p ? p->object : NULL) && w->which == step->which &&
           w->partner == step->partner &&
           w->partner_which == step->partner_which;
}

static inline bool hn_way_has(const struct hn_way *w, uint32_t task)
{
    return w->task == task || (w->meets && w->partner == task);
}

/* The node's way that is the same step as another, at whatever moment; NULL:
   there is none. */
struct hn_way *hn_tree_find(struct hn_tree *t, const struct hn_node *n,
                            const struct hn_way *like);
/* Is to be tried, and all that share a task with it, and with those. */
void hn_tree_take(struct hn_tree *t, struct hn_node *n, struct hn_way *w);
void hn_tree_take_all(struct hn_tree *t, struct hn_node *n);

/* Whether there is room for one more choice of so many; there has to be, where
   one is added. */
static inline bool hn_tree_fits(const struct hn_tree *t, uint32_t n)
{
    return t->depth < t->nodes_cap && t->depth < t->known_cap &&
           t->nways + n <= t->ways_cap;
}
void hn_tree_reserve(struct hn_tree *t, uint32_t n);
/*
 * A choice that was not there before: one is taken, which is returned. What
 * slept or was tried at the one before sleeps here as well, unless it races
 * with the event there. GO_NOWHERE: all sleep or are cut, and there is no new
 * node.
 */
uint32_t hn_tree_add(struct hn_tree *t, const struct go_step *steps,
                     uint32_t n);
void hn_tree_add_number(struct hn_tree *t, uint32_t n);
/* What the task asked for at the latest step was there: it was not idle. */
void hn_tree_got(struct hn_tree *t, uint32_t task);
/* The choices so far, but the newest, for who makes them again; how many. */
const struct go_known *hn_tree_known(struct hn_tree *t, uint32_t *n);
/* What is next to be tried is taken, and all after it are no more. False:
   nothing is left. */
bool hn_tree_advance(struct hn_tree *t);

#endif

/*
 * dpor.c - the search for all executions that differ: dynamic partial order
 * reduction by source sets, with sleep sets (Godefroid).
 *
 * In:  the choices of an execution (strategy.h). Out: the next one's.
 *
 * Method: depth first. At each choice one task's step is taken at first, the
 * others only if a later event turns out to race with it: past.c finds the
 * races, reverse.c says what would bring the other order, tree.c has what is
 * still to be tried. The next execution is the same up to the newest choice
 * that has something left, so up to there nothing is looked at again; nor is
 * anything looked at that adds nothing: settle.c.
 *
 * A step has up to two tasks (a rendezvous), and a task may have several steps
 * (a select, a signal), so steps are kept, not tasks.
 *
 * S1  A note is part of the event before it, and is taken back with it.
 * S2  A panic ends what others could still have done, so all of them are tried
 *     in its place.
 * S3  When something becomes a step that was none (an unlock, once somebody
 *     tries), the choices so far mean something else, and it begins again.
 *
 * S4  Without memory it ends, and is not complete: what was found is not its
 *     to lose. Each way in on which some may be taken sets hn_room_exit, and
 *     each way out takes it back: it leads to a frame that is left then. That
 *     costs more than most of what is done, so where there is room for it no
 *     exit is set.
 *
 * Why no wakeup trees (optimal DPOR): they save the executions that end
 * because all that is left sleeps; with these points there are few.
 */
#include "harness/explore/dpor.h"

#include "harness/explore/memory.h"
#include "harness/explore/room.h"
#include "harness/explore/settle.h"
#include "harness/explore/tree.h"

unsigned hn_dpor_drop;

struct hn_strategy {
    struct hn_tree tree;
    uint32_t at;   /* choices made in this execution */
    bool blocked;  /* all that is left sleeps */
    bool lost;     /* not the execution that its choices say */
    bool left;     /* others' choices have come after its own */
    bool looped;   /* so they have in some execution, for a loop that waits */
    bool cut;      /* some execution was, by a bound */
    bool full;     /* there is no memory for more: S4 */
    jmp_buf exit;  /* to where it was called, then */
    uint32_t more; /* go_control_more, at its beginning */
    bool exhausted;
};

static inline jmp_buf *exit_of(struct hn_strategy *s)
{
    return hn_room_exit = &s->exit;
}
/* S4: before anything that takes memory, in the very function that goes on. */
#define HAS_ROOM(s) (!(s)->full && _setjmp(*exit_of(s)) == 0)

static void is_full(struct hn_strategy *s)
{
    hn_room_exit = NULL;
    s->full = true;
}

/* What was done there before, if that is on offer again. */
static inline uint32_t choose_again(struct hn_strategy *s,
                                    const struct go_step *steps, uint32_t n)
{
    struct hn_tree *t = &s->tree;
    const struct hn_node *node = &t->nodes[s->at++];

    t->step = s->at;
    if (node->number || node->n != n ||
        !hn_way_is(&t->ways[node->first + node->value], &steps[node->value])) {
        s->lost = true;
        return GO_NOWHERE;
    }
    return node->value;
}

static uint32_t choose_new(struct hn_strategy *s, const struct go_step *steps,
                           uint32_t n)
{
    struct hn_tree *t = &s->tree;
    uint32_t k = hn_tree_add(t, steps, n);

    s->blocked = k == GO_NOWHERE;
    if (!s->blocked)
        t->step = ++s->at;
    return k;
}

/* For a choice of so many. */
static __attribute__((noinline)) bool make_room(struct hn_strategy *s,
                                                uint32_t n)
{
    if (!HAS_ROOM(s)) {
        is_full(s);
        return false;
    }
    hn_tree_reserve(&s->tree, n);
    hn_deeds_reserve(&s->tree.past.deeds);
    hn_room_exit = NULL;
    return true;
}

/* One that touches many things, or the clock's. */
static __attribute__((noinline)) bool take_slow(struct hn_strategy *s,
                                                const struct go_step *step)
{
    if (!HAS_ROOM(s)) {
        is_full(s);
        return false;
    }
    hn_deeds_step(&s->tree.past.deeds, step, s->at);
    if (!step->point)
        hn_settle_now(&s->tree);
    hn_room_exit = NULL;
    return true;
}

/* The newest node's step is taken: its event. */
static inline bool take(struct hn_strategy *s, const struct go_step *step)
{
    if (!hn_touches_few(step))
        return take_slow(s, step);
    hn_deeds_step(&s->tree.past.deeds, step, s->at);
    return true;
}

static inline bool has_room(struct hn_strategy *s, uint32_t n)
{
    return (hn_tree_fits(&s->tree, n) && hn_deeds_fit(&s->tree.past.deeds) &&
            !s->full) ||
           make_room(s, n);
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    uint32_t k;

    if (s->at + 1 < s->tree.depth && !s->full)
        return choose_again(s, steps, n);
    if (!has_room(s, n))
        return GO_NOWHERE;
    k = s->at == s->tree.depth ? choose_new(s, steps, n)
                               : choose_again(s, steps, n);
    return k != GO_NOWHERE && take(s, &steps[k]) ? k : GO_NOWHERE;
}

static uint32_t draw(struct hn_strategy *s, uint32_t n)
{
    const struct hn_node *node;

    if (s->lost)
        return 0;
    if (n > HN_WIDE) {
        s->cut = true;
        n = 2;
    }
    hn_tree_reserve(&s->tree, 0);
    hn_deeds_reserve(&s->tree.past.deeds);
    if (s->at == s->tree.depth)
        hn_tree_add_number(&s->tree, n);
    node = &s->tree.nodes[s->at++];
    if (!node->number || node->n != n) {
        s->lost = true;
        return 0;
    }
    if (s->at == s->tree.depth)
        hn_deeds_add(&s->tree.past.deeds, HN_DEED_NUMBER, s->at, 0, 0);
    return node->value;
}

static uint32_t number(struct hn_strategy *s, uint32_t task, uint32_t n)
{
    uint32_t drawn;

    (void)task;
    if (!HAS_ROOM(s)) {
        is_full(s);
        return 0;
    }
    drawn = draw(s, n);
    hn_room_exit = NULL;
    return drawn;
}

static __attribute__((noinline)) void
note_slow(struct hn_strategy *s, enum go_note what, uint32_t task,
          const void *object, uint32_t other)
{
    struct hn_tree *t = &s->tree;

    if (!HAS_ROOM(s)) {
        is_full(s);
        return;
    }
    hn_deeds_reserve(&t->past.deeds);
    hn_deeds_note(&t->past.deeds, what, task, object, other, t->step);
    if (what == GO_NOTE_CLOCK)
        hn_settle_now(t);
    hn_room_exit = NULL;
}

/* What is the same as in the execution before is noted already. */
static void note(struct hn_strategy *s, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    struct hn_tree *t = &s->tree;

    if (s->at != t->depth || s->lost | s->blocked || what == GO_NOTE_END)
        return;
    if (what == GO_NOTE_GOT)
        hn_tree_got(t, task);
    if (what != GO_NOTE_CLOCK && hn_deeds_fit(&t->past.deeds))
        hn_deeds_note(&t->past.deeds, what, task, object, other, t->step);
    else
        note_slow(s, what, task, object, other);
}

/* S2: and whether a bound, a look, or a livelock that was seen, has cut off what
   could go on; but for what others have come to. */
static void look_at_end(struct hn_strategy *s, const struct go_execution *e)
{
    struct hn_tree *t = &s->tree;

    if (s->left)
        s->looped = true;
    else if ((e->end == GO_END_BOUND && !s->blocked) || e->looked ||
             e->end == GO_END_LIVELOCK)
        s->cut = true;
    hn_settle_end(t, !s->left);
    if (e->end == GO_END_PANIC && t->step)
        hn_tree_take_all(t, &t->nodes[t->step - 1]);
}

/* S3. Whether something has become a step. */
static bool begin_again(struct hn_strategy *s)
{
    if (go_control_more() == s->more)
        return false;
    s->more = go_control_more();
    hn_tree_empty(&s->tree);
    s->lost = false;
    return true;
}

static bool has_looped(const struct hn_strategy *s)
{
    return s->looped || s->tree.looped;
}

/* Nothing is left to be tried but more rounds of loops: D5 of tree.c. */
static bool go_deeper(struct hn_strategy *s)
{
    if (s->cut || s->tree.cut || !has_looped(s) || !hn_tree_deepen(&s->tree))
        return false;
    s->looped = false;
    return true;
}

/* It is over by itself where it once went on. */
static bool is_short(const struct hn_strategy *s, const struct go_execution *e)
{
    return s->at < s->tree.depth && e->end != GO_END_BOUND &&
           e->end != GO_END_LIVELOCK && !e->looked;
}

static bool go_on(struct hn_strategy *s, const struct go_execution *e)
{
    bool futile;

    if (begin_again(s))
        return true;
    s->lost |= is_short(s, e);
    if (s->lost) {
        s->cut = true;
        return false;
    }
    look_at_end(s, e);
    futile = s->tree.deep > 0 && has_looped(s); /* D5 */
    s->exhausted = (futile || !hn_tree_advance(&s->tree)) && !go_deeper(s);
    return !s->exhausted;
}

static bool end(struct hn_strategy *s, const struct go_execution *e)
{
    bool more;

    if (!HAS_ROOM(s)) {
        is_full(s);
        hn_tree_free(&s->tree); /* others may need it */
        s->tree = (struct hn_tree){0};
        return false;
    }
    more = go_on(s, e);
    hn_room_exit = NULL;
    return more;
}

static void begin(struct hn_strategy *s)
{
    s->at = s->tree.step = s->tree.past.nraces = 0;
    s->tree.work = 0;
    s->blocked = s->left = false;
    begin_again(s); /* others may have had executions since */
}

/* Not the newest, for what comes after that is new. */
static const struct go_known *knows(struct hn_strategy *s, uint32_t *n)
{
    return hn_tree_known(&s->tree, n);
}

/* None of them is a number. */
static void did(struct hn_strategy *s, uint32_t n)
{
    s->at += n;
    s->tree.step = s->at;
}

static bool loops(const struct hn_strategy *s)
{
    return s->blocked && s->tree.loops;
}

static uint32_t rounds(const struct hn_strategy *s)
{
    return hn_tree_rounds(&s->tree);
}

/* It ends here, as far as it is known: where they stand in the end is not where
   they could have gone on from. */
static void leaves(struct hn_strategy *s)
{
    if (s->lost || s->at != s->tree.depth)
        return;
    if (!HAS_ROOM(s)) {
        is_full(s);
        return;
    }
    hn_settle_end(&s->tree, true);
    s->left = true;
    hn_room_exit = NULL;
}

static bool complete(const struct hn_strategy *s)
{
    return s->exhausted && !s->cut && !s->tree.cut && !has_looped(s);
}

static bool lost(const struct hn_strategy *s)
{
    return s->lost;
}

static bool full(const struct hn_strategy *s)
{
    return s->full;
}

static struct hn_strategy *make(uint32_t parameter, uint64_t seed)
{
    (void)parameter;
    (void)seed;
    return hn_memory_take(sizeof(struct hn_strategy));
}

static void unmake(struct hn_strategy *s)
{
    if (!s)
        return;
    hn_tree_free(&s->tree);
    hn_memory_give(s);
}

const struct hn_strategy_kind hn_dpor = {
    .name = "dpor",
    .about = "all schedules that differ, each at least once",
    .make = make,
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .knows = knows,
    .did = did,
    .number = number,
    .note = note,
    .end = end,
    .complete = complete,
    .lost = lost,
    .full = full,
    .loops = loops,
    .rounds = rounds,
    .leaves = leaves,
};

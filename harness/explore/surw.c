/*
 * surw.c - the selectively uniform random walk: every order of the operations
 * on one object is equally likely.
 *
 * Method: Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency
 * Testing", 2025. For each execution one object is drawn that two tasks at
 * least have touched before, one of them not just looking. Who operates on it
 * next is drawn by how many such operations each task has left, which makes
 * all their orders equally likely; until that one has done it nobody else may.
 * All other steps are a random walk.
 *
 * How many a task has left is what it had in earlier executions, the later
 * ones weighing more, less what it has done. One that is not yet spawned is
 * drawn as the others; until it lives, its nearest ancestor that does may
 * operate in its stead. With the counts of whole families as weights that is
 * exactly uniform, too, for spawning makes a tree of the operations.
 *
 * S1  When nothing but what is held back can go, who is drawn can not come
 *     now (blocked, ended, never spawned this time): one of those who can go
 *     is drawn instead.
 * S2  When who is drawn does not come for longer than an execution ever took,
 *     or for long nobody has done more than to look, somebody may be waiting
 *     for the others in a loop: the rest of the execution is a plain random
 *     walk. What it took to see that is no part of its length, else each such
 *     wait would be longer than the one before.
 * S3  A rendezvous is its sender's operation.
 * S4  The first execution knows no object: a random walk that counts.
 */

#include "harness/explore/memory.h"
#include "harness/explore/sampler.h"
#include "harness/explore/slots.h"
#include "harness/explore/tally.h"
#include "harness/explore/walk.h"

enum {
    PATIENCE = 128,    /* S2: beyond the longest execution */
    LONGEST = 1 << 14, /* that counts as one */
    NONE = HN_TALLY_NONE,
};

struct hn_strategy {
    struct hn_sampler base;
    struct hn_tally tally; /* operations by object and task */
    struct hn_slots from;  /* by slot: whose it is a child, last time */
    struct hn_slots born;  /* by slot: whether it lives, or did */
    const void *object;    /* of this execution, NULL: none */
    uint32_t head;         /* its entry in the tally */
    uint32_t turn;         /* who was drawn for it, a slot; NONE: nobody */
    uint32_t waited;       /* steps since then */
    uint32_t looks;        /* in a row */
    uint32_t in_vain;      /* S2: waited, in this execution */
    uint32_t longest;      /* execution, in steps, less those in vain */
};

static void unmake(struct hn_strategy *s)
{
    hn_tally_free(&s->tally);
    hn_slots_free(&s->from);
    hn_slots_free(&s->born);
    hn_memory_give(s);
}

/* Whose operation is next, by what each has left. */
static void draw(struct hn_strategy *s)
{
    uint32_t left = hn_tally_left_all(&s->tally, s->head);

    s->waited = 0;
    s->turn = NONE;
    if (left)
        s->turn =
            hn_tally_nth(&s->tally, s->head, hn_rng_below(&s->base.rng, left));
}

static void begin(struct hn_strategy *s)
{
    hn_slots_clear(&s->born);
    s->object = NULL;
    s->in_vain = s->looks = 0;
    if (!s->tally.nshared)
        return; /* S4 */
    s->head = s->tally.shared[hn_rng_below(&s->base.rng, s->tally.nshared)];
    s->object = s->tally.all[s->head].object;
    draw(s);
}

/* Who may operate now: who was drawn, or its nearest ancestor that lives. */
static uint32_t heir(struct hn_strategy *s)
{
    uint32_t slot = s->turn;

    while (slot > 1 && slot != NONE && !*hn_slots_at(&s->born, slot))
        slot = (uint32_t)*hn_slots_at(&s->from, slot);
    return slot;
}

/* It has to wait for who was drawn. */
static inline bool is_held(const struct hn_strategy *s, uint32_t may,
                           const struct go_step *step)
{
    return may != NONE && hn_walk_slot(step) != may &&
           hn_walk_object(step) == s->object;
}

/* How many of steps[i .. end) are not held. */
static uint32_t free_ones(const struct hn_strategy *s, uint32_t may,
                          const struct go_step *steps, uint32_t i, uint32_t end)
{
    uint32_t n = 0;

    for (; i < end; i++)
        n += !is_held(s, may, &steps[i]);
    return n;
}

/* The kth of them that is not. */
static uint32_t free_one(const struct hn_strategy *s, uint32_t may,
                         const struct go_step *steps, uint32_t i, uint32_t k)
{
    for (;; i++)
        if (!is_held(s, may, &steps[i]) && k-- == 0)
            return i;
}

/* What it weighs where nobody who was drawn can come. */
static uint32_t weight(const struct hn_strategy *s, const struct go_step *step)
{
    uint32_t left = hn_tally_left(&s->tally, s->object, hn_walk_slot(step));

    return left ? left : 1;
}

/* S1: all are held; one of them, by what each has left. */
static uint32_t instead(struct hn_strategy *s, const struct go_step *steps,
                        uint32_t n)
{
    uint64_t sum = 0, k;
    uint32_t i;

    for (i = 0; i < n; i = hn_walk_next(steps, n, i))
        sum += weight(s, &steps[i]);
    k = hn_rng_next(&s->base.rng) % sum;
    for (i = 0;; i = hn_walk_next(steps, n, i)) {
        uint32_t w = weight(s, &steps[i]);

        if (k < w)
            return hn_walk_among(&s->base.rng, steps, n, i);
        k -= w;
    }
}

/* A random walk among those who are not held. */
static uint32_t walk(struct hn_strategy *s, const struct go_step *steps,
                     uint32_t n)
{
    uint32_t may = heir(s), tasks = 0, ways, k, i, end;

    for (i = 0; i < n; i = end) {
        end = hn_walk_next(steps, n, i);
        tasks += free_ones(s, may, steps, i, end) > 0;
    }
    if (!tasks)
        return instead(s, steps, n);
    k = hn_rng_below(&s->base.rng, tasks);
    for (i = 0;; i = end) {
        end = hn_walk_next(steps, n, i);
        ways = free_ones(s, may, steps, i, end);
        if (ways > 0 && k-- == 0)
            break;
    }
    return free_one(s, may, steps, i, hn_rng_below(&s->base.rng, ways));
}

static bool is_idle(struct hn_strategy *s, const struct go_step *step)
{
    if (!hn_walk_is_yield(step))
        s->looks = hn_walk_looks(step) ? s->looks + 1 : 0;
    return s->looks > HN_LOOKS;
}

/* What is chosen, counted; and who is next, if it was at the object. */
static void took(struct hn_strategy *s, const struct go_step *step)
{
    const void *object = hn_walk_object(step);
    uint32_t slot = hn_walk_slot(step);

    *hn_slots_at(&s->born, slot) = 1;
    if (object)
        hn_tally_count(&s->tally, object, slot,
                       hn_walk_reads((enum go_op)step->point->op));
    if (!s->object)
        return;
    if (object == s->object)
        draw(s);
    else if (++s->waited > s->longest + PATIENCE || is_idle(s, step)) { /* S2 */
        s->in_vain = s->waited;
        s->object = NULL;
    }
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    uint32_t k = n == 1      ? 0
                 : s->object ? walk(s, steps, n)
                             : hn_walk(&s->base.rng, steps, n);

    took(s, &steps[k]);
    return k;
}

static void note(struct hn_strategy *s, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    (void)object;
    if (what != GO_NOTE_SPAWN)
        return;
    *hn_slots_at(&s->from, other + 1) = task + 1;
    *hn_slots_at(&s->born, other + 1) = 1;
}

static bool end(struct hn_strategy *s, const struct go_execution *e)
{
    uint64_t length = e->steps - (e->steps > s->in_vain ? s->in_vain : 0);

    hn_tally_end(&s->tally);
    if (e->end != GO_END_BOUND && length > s->longest)
        s->longest = length < LONGEST ? (uint32_t)length : LONGEST;
    return true;
}

const struct hn_strategy_kind hn_surw = {
    .name = "surw",
    .about = "all orders of the operations on one object, the same likely",
    .size = sizeof(struct hn_strategy),
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .number = hn_sampler_number,
    .note = note,
    .end = end,
};

/*
 * marker.c - follows words through memory.
 *
 * In:  roots, from memory.c, source by source. Out: objects of the snapshot,
 * as they are found; on one's finding others may come to life, and more roots
 * be marked, to a fixed point (reduce.c).
 *
 * Method: worklists of ranges and words, newest first. A word is asked in
 * turn whether it points into a block of the heap, whether it is one of the
 * runtime's own (refer.h), and whether it points into a goroutine's stack. A
 * block is scanned whole, once. Marks and blocks lie all over the memory, so
 * each is fetched ahead and looked at MON_AHEAD steps later. The runtime's
 * things are not scanned: what their holder can do is known. A stack that
 * somebody points into is scanned whole, for nobody knows where in it an object
 * ends.
 *
 * M1  Whatever a living goroutine can load in one or more steps, without help
 *     of the kernel, is marked: so what is not found nobody can use.
 * M2  An object in the program's own memory is found with the block, stack or
 *     region that it lies in, for who has a pointer to some part of a struct
 *     can reckon out any other.
 * M3  Each block, stack and slot is followed at most once, so all sources
 *     together are linear in the memory.
 * M4  Words that the runtime keeps in the program's memory (queues, owners,
 *     waiters) are left out: they say nothing about what the program holds.
 */
#include "runtime/monitor/marker.h"

#include <errno.h>
#include <string.h>

#include "runtime/monitor/reduce.h"
#include "runtime/sched/saved.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/threads.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/context.h"
#include "runtime/sync/outer.h"
#include "runtime/sync/timers.h"

enum {
    PAGE = 4096, /* the smallest there is */
    WHOLE = 1,   /* of a stack: followed */
    OTHER = 2    /* while trying: somebody points into it */
};

/* A byte of marks as it was. */
struct mon_undo {
    uint8_t *at;
    uint8_t was;
};

/* True when the bits were not all there yet. */
static bool mark(struct mon_marker *k, uint8_t *at, unsigned bits)
{
    if ((*at & bits) == bits)
        return false;
    if (k->trying) {
        if (!rt_arena_grow(k->arena, &k->undo, k->nundo, &k->undo_cap,
                           sizeof(*k->undo))) {
            k->failed = true;
            return false;
        }
        k->undo[k->nundo++] = (struct mon_undo){at, *at};
    }
    *at |= (uint8_t)bits;
    return true;
}

void mon_marker_try(struct mon_marker *k)
{
    rt_check(!k->trying && !k->ntodo && !k->nword, "marker: a try in a try");
    k->trying = true;
    k->nundo = 0;
    k->nothers = 0;
    k->nmet = 0;
}

void mon_marker_undo(struct mon_marker *k)
{
    rt_check(k->trying, "marker: nothing was tried");
    while (k->nundo) {
        const struct mon_undo *u = &k->undo[--k->nundo];

        *u->at = u->was;
    }
    k->trying = false;
}

static void push(struct mon_marker *k, uintptr_t low, uintptr_t high)
{
    if (low >= high)
        return;
    if (rt_arena_grow(k->arena, &k->todo, k->ntodo, &k->todo_cap,
                      sizeof(*k->todo)))
        k->todo[k->ntodo++] = (struct rt_span){low, high};
    else
        k->failed = true;
}

static void push_word(void *arg, uintptr_t word)
{
    struct mon_marker *k = arg;

    if (rt_arena_grow(k->arena, &k->words, k->nword, &k->word_cap,
                      sizeof(*k->words)))
        k->words[k->nword++] = word;
    else
        k->failed = true;
}

/* ---- what the runtime's things give -------------------------------------- */

static void reach_object(void *arg, const struct go_object *o, unsigned wants)
{
    struct mon_marker *k = arg;
    const struct go_chan *c = rt_chan_at(o);
    uint32_t at;

    if (c) {
        uint32_t slot = rt_chan_number(c);

        rt_check(slot < k->nchan, "marker: a channel too far");
        if (k->chan_object[slot] != GO_NOWHERE)
            k->found(k->arg, k->chan_object[slot], wants);
        return;
    }
    at = mon_places_from(&k->placed, (uintptr_t)o);
    if (at < k->placed.n && k->placed.all[at].at == (uintptr_t)o)
        k->found(k->arg, k->placed.all[at].object, wants);
}

static bool reach_context(void *arg, uint32_t number, unsigned how)
{
    struct mon_marker *k = arg;

    rt_check(number < k->ncontext, "marker: a context too far");
    return mark(k, &k->context_done[number], how);
}

static bool reach_timer(void *arg, uint32_t number)
{
    struct mon_marker *k = arg;

    rt_check(number < k->ntimer, "marker: a timer too far");
    return mark(k, &k->timer_done[number], 1);
}

static struct rt_reached reached(struct mon_marker *k)
{
    return (struct rt_reached){.object = reach_object,
                               .word = push_word,
                               .context = reach_context,
                               .timer = reach_timer,
                               .arg = k};
}

/* Who can receive gets the values that are in the buffer. */
static void mark_chan(struct mon_marker *k, const struct go_chan *c,
                      unsigned wants)
{
    uint32_t slot = rt_chan_number(c);
    struct rt_span span[2];
    unsigned n = 0;

    rt_check(slot < k->nchan, "marker: a channel too far");
    if (!mark(k, &k->chan_done[slot], wants))
        return;
    reach_object(k, &c->obj, wants);
    if (wants & RT_WANT(GO_WANT_RECV))
        n = rt_refer_values(c, span);
    while (n--)
        push(k, span[n].low, span[n].high);
}

static void mark_ref(struct mon_marker *k, const struct rt_ref *ref)
{
    const struct rt_reached to = reached(k);

    if (ref->what == RT_REFERS_CHAN)
        mark_chan(k, ref->chan, ref->wants);
    else if (ref->what != RT_REFERS_UNUSED)
        rt_ref_reach(ref, &to);
}

/* ---- words --------------------------------------------------------------- */

/* Somebody points to word in it; below what is in use there is nothing. */
static void push_stack(struct mon_marker *k, const struct g *g, uintptr_t word)
{
    struct rt_span all = rt_saved_stack(g), own;

    rt_check(g->slot < k->nstack, "marker: a stack too far");
    if (word < all.low || !mark(k, &k->stack_done[g->slot], WHOLE))
        return;
    if (rt_g_own(g, &own) && own.low >= all.low && own.high <= all.high) {
        push(k, own.high, all.high);
        push(k, all.low, own.low);
    } else {
        push(k, all.low, all.high);
    }
}

/* It is followed later, if at all. */
void mon_marker_note(struct mon_marker *k, const struct g *g)
{
    if (!mark(k, &k->stack_done[g->slot], OTHER))
        return;
    if (rt_arena_grow(k->arena, &k->others, k->nothers, &k->others_cap,
                      sizeof(*k->others)))
        k->others[k->nothers++] = g;
    else
        k->failed = true;
}

/* While trying, what stands there but not what is around it: that is noted,
   for what stands there may be the first in a struct. */
static void mark_other_stack(struct mon_marker *k, uintptr_t word)
{
    const struct g *g;
    uint32_t at;

    if (!k->trying) {
        g = rt_stack_at((const void *)word);
        if (g)
            push_stack(k, g, word);
        return;
    }
    at = mon_places_from(&k->placed, word & ~(uintptr_t)7);
    if (at < k->placed.n && k->placed.all[at].at == (word & ~(uintptr_t)7)) {
        k->found(k->arg, k->placed.all[at].object, MON_WANT_ALL);
        if (k->placed.all[at].whole)
            return;
    }
    g = rt_stack_at((const void *)word);
    if (g && word >= rt_saved_stack(g).low)
        mon_marker_note(k, g);
}

/* The same of a variable. */
static void note_variable(struct mon_marker *k, uintptr_t word)
{
    uint32_t at = mon_variables_at(&k->variables, word);

    rt_check(k->trying, "marker: a variable, and no try");
    if (at == GO_NOWHERE || !mark(k, &k->variable_done[at], 1))
        return;
    if (rt_arena_grow(k->arena, &k->met_variables, k->nmet, &k->met_cap,
                      sizeof(*k->met_variables)))
        k->met_variables[k->nmet++] = at;
    else
        k->failed = true;
}

/* A block of which the marks are here by now. */
static void settle(struct mon_marker *k)
{
    const struct rt_block *b = &k->met[k->met_out++ % MON_AHEAD];

    rt_check(b->index / 8 < k->nblock, "marker: M3: a block too far");
    if (rt_load(k->blocks->state[b->index]) &&
        mark(k, &k->block_marks[b->index / 8], 1u << b->index % 8))
        push(k, b->low, b->low + b->size);
}

static inline void take_block(struct mon_marker *k, uintptr_t word)
{
    struct rt_block *b = &k->met[k->met_in % MON_AHEAD];

    if (!rt_block_place(k->blocks, word, b))
        return;
    __builtin_prefetch(&k->blocks->state[b->index]);
    __builtin_prefetch(&k->block_marks[b->index / 8], 1);
    k->met_in++;
    if (k->met_in - k->met_out == MON_AHEAD)
        settle(k);
}

static inline void take_word(struct mon_marker *k, uintptr_t word)
{
    struct rt_ref ref;

    if (word - k->blocks_low < k->blocks_size)
        take_block(k, word);
    else if (word - k->stacks_low < k->stacks_size)
        mark_other_stack(k, word);
    else if (word - k->refer_low < k->refer_size &&
             rt_refer(word, &ref) != RT_REFERS_NOTHING)
        mark_ref(k, &ref);
    else if (word - k->variables.low < k->variables.size)
        note_variable(k, word);
}

static void take_words(struct mon_marker *k, const uintptr_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        take_word(k, words[i]);
}

/* n words that stand at address: M2, and what is not M4's. */
static void take_memory(struct mon_marker *k, const uintptr_t *words, size_t n,
                        uintptr_t address)
{
    uintptr_t end = address + n * sizeof(*words), at = address;

    k->seen += n;
    for (uint32_t p = address <= k->placed.high && end > k->placed.low
                          ? mon_places_from(&k->placed, address)
                          : k->placed.n;
         p < k->placed.n && k->placed.all[p].at < end; p++) {
        const struct mon_placed *o = &k->placed.all[p];

        k->found(k->arg, o->object, MON_WANT_ALL);
        if (o->own.low >= o->own.high || o->own.low < at)
            continue;
        if (o->own.low < end)
            take_words(k, words + (at - address) / sizeof(*words),
                       (o->own.low - at) / sizeof(*words));
        at = o->own.high < end ? o->own.high : end;
    }
    if (at < end)
        take_words(k, words + (at - address) / sizeof(*words),
                   (end - at) / sizeof(*words));
}

/* A block with a whole page in it: the program may have protected that. */
static bool has_page(const struct mon_marker *k, const struct rt_span *s)
{
    uintptr_t page = (s->low + PAGE - 1) & ~(uintptr_t)(PAGE - 1);

    return s->low - k->blocks_low < k->blocks_size && page + PAGE <= s->high;
}

/* Some memory that was fetched ahead, if there is any. */
static bool take_near(struct mon_marker *k)
{
    struct rt_span *s;

    while (k->ntodo && k->near_in - k->near_out < MON_AHEAD) {
        s = &k->near[k->near_in++ % MON_AHEAD];
        *s = k->todo[--k->ntodo];
        s->low = (s->low + 7) & ~(uintptr_t)7;
        __builtin_prefetch((const void *)s->low);
        __builtin_prefetch((const char *)s->low + 64);
    }
    if (k->near_in == k->near_out)
        return false;
    s = &k->near[k->near_out++ % MON_AHEAD];
    if (k->careful && has_page(k, s))
        k->careful(k->arg, s->low, s->high);
    else if (s->low < s->high)
        take_memory(k, (const uintptr_t *)s->low,
                    (s->high - s->low) / sizeof(uintptr_t), s->low);
    return true;
}

void mon_marker_take(struct mon_marker *k, const uintptr_t *words, size_t n,
                     uintptr_t address)
{
    take_memory(k, words, n, address);
}

static void drain(struct mon_marker *k)
{
    while (!k->failed) {
        if (k->nword)
            take_word(k, k->words[--k->nword]);
        else if (take_near(k))
            continue;
        else if (k->met_in != k->met_out)
            settle(k);
        else
            break;
    }
}

void mon_mark_word(struct mon_marker *k, uintptr_t word)
{
    take_word(k, word);
    drain(k);
}

void mon_mark_words(struct mon_marker *k, const uintptr_t *words, size_t n,
                    uintptr_t address)
{
    take_memory(k, words, n, address);
    drain(k);
}

void mon_mark_range(struct mon_marker *k, uintptr_t low, uintptr_t high)
{
    push(k, low, high);
    drain(k);
}

void mon_mark_stack(struct mon_marker *k, const struct g *g)
{
    push_stack(k, g, UINTPTR_MAX);
    drain(k);
}

void mon_mark_variable(struct mon_marker *k, uint32_t variable)
{
    const struct rt_span *v = &k->variables.all[variable];

    rt_check(k->trying, "marker: variables, and no try");
    mark(k, &k->variable_done[variable], 1);
    if (k->careful)
        k->careful(k->arg, v->low, v->high);
    else
        push(k, v->low, v->high);
    drain(k);
}

void mon_mark_variables(struct mon_marker *k)
{
    while (k->nmet && !k->failed)
        mon_mark_variable(k, k->met_variables[--k->nmet]);
}

void mon_mark_others(struct mon_marker *k)
{
    rt_check(k->trying, "marker: other stacks, and no try");
    mon_mark_variables(k);
    while (k->nothers && !k->failed) {
        mon_mark_stack(k, k->others[--k->nothers]);
        mon_mark_variables(k);
    }
}

void mon_mark_goroutine(struct mon_marker *k, const struct g *g)
{
    const struct rt_reached to = reached(k);

    rt_g_reach(g, &to);
    push_word(k, g->result); /* of go_blocking, on its way to g */
    /* Mostly its own stack's: but a program may switch stacks by itself. */
    push_word(k, (uintptr_t)g->sp);
    if (g == rt_g())
        push_word(k, (uintptr_t)rt_threads_frame());
    drain(k);
}

bool mon_mark_timer(struct mon_marker *k, const struct rt_timer *t)
{
    const struct rt_reached to = reached(k);
    bool known = rt_timer_reach(t, &to);

    drain(k);
    return known;
}

/* ---- making one ----------------------------------------------------------- */

bool mon_marker_variables(struct mon_marker *k, struct mon_variables v)
{
    k->variables = v;
    k->variable_done = rt_arena_alloc(k->arena, v.n);
    return k->variable_done;
}

int mon_marker_open(struct mon_marker *k, const struct go_inspect *in,
                    const struct rt_blocks *blocks, struct rt_arena *arena)
{
    uint8_t *done = rt_arena_alloc(arena, in->nobject);
    uintptr_t high;

    memset(k, 0, sizeof(*k));
    k->arena = arena;
    k->blocks = blocks;
    k->nblock = blocks ? rt_blocks_indices(blocks) / 8 + 1 : 0;
    k->nchan = rt_chan_slots();
    k->ncontext = rt_context_slots();
    k->ntimer = rt_timers_slots();
    k->nstack = rt_g_slots();
    if (blocks) {
        k->blocks_low = blocks->base;
        k->blocks_size = rt_load(blocks->high);
    }
    if (rt_refer_bounds(&k->refer_low, &high))
        k->refer_size = high - k->refer_low;
    rt_stack_map(&k->stacks_low, &high);
    k->stacks_size = high - k->stacks_low;
    k->block_marks = rt_arena_alloc(arena, k->nblock);
    k->chan_done = rt_arena_alloc(arena, k->nchan);
    k->context_done = rt_arena_alloc(arena, k->ncontext);
    k->timer_done = rt_arena_alloc(arena, k->ntimer);
    k->stack_done = rt_arena_alloc(arena, k->nstack);
    k->chan_object = rt_arena_alloc(arena, k->nchan * sizeof(*k->chan_object));
    k->placed.all =
        rt_arena_alloc(arena, (in->nobject + 1) * sizeof(*k->placed.all));
    if (!k->block_marks || !k->chan_done || !k->context_done ||
        !k->timer_done || !k->stack_done || !k->chan_object || !k->placed.all ||
        !done)
        return -ENOMEM;
    memset(k->chan_object, 0xff, k->nchan * sizeof(*k->chan_object));
    mon_places_fill(&k->placed, k->chan_object, in, done);
    return 0;
}

/*
 * marker.h - follows words through memory: from roots to everything that who
 * holds them can get at, and so to the objects that goroutines wait on.
 *
 * What was marked once is not followed again, so all sources together cost
 * one pass over the memory that they reach. Conservative: a word that looks
 * like a pointer is one, into the middle of a block, one past its end, or
 * with tag bits in it.
 */
#ifndef MON_MARKER_H
#define MON_MARKER_H

#include <vigil/inspect.h>

#include "runtime/base/blocks.h"
#include "runtime/monitor/places.h"
#include "runtime/monitor/regions.h"
#include "runtime/monitor/variables.h"
#include "runtime/sync/refer.h"

struct g;
struct mon_undo;

enum {
    MON_AHEAD = 16 /* fetches under way at a time */
};

struct mon_marker {
    /* [init] Told what becomes possible: wants is a set of MON_WANT
       (reduce.h). May be told again what it knows. Must not mark. */
    void (*found)(void *arg, uint32_t object, unsigned wants);
    /* [init] Called for memory that cannot be loaded from without care: is to
       call mon_marker_take with copies of its words. NULL: there is none. */
    void (*careful)(void *arg, uintptr_t low, uintptr_t high);
    void *arg;
    struct rt_arena *arena;

    const struct rt_blocks
        *blocks; /* [init] NULL: no heap that knows its own */
    uintptr_t blocks_low, blocks_size; /* [init] where they lie, */
    uintptr_t refer_low, refer_size;   /* the runtime's maps, among others, */
    uintptr_t stacks_low, stacks_size; /* and all stacks */
    struct mon_places placed; /* [init] objects in the program's memory */
    uint32_t *chan_object;    /* [init] by slot: index of the object */

    uint8_t *block_marks; /* a bit each */
    uint8_t *chan_done;   /* by slot: which halves were told */
    uint8_t *context_done, *timer_done, *stack_done;
    size_t nblock, nchan, ncontext, ntimer, nstack; /* of these arrays */

    struct rt_span *todo; /* memory to be looked at, newest last */
    size_t ntodo, todo_cap;
    uintptr_t *words; /* and single words */
    size_t nword, word_cap;
    struct rt_block met[MON_AHEAD]; /* blocks whose marks are on their way */
    struct rt_span near[MON_AHEAD]; /* memory that is on its way */
    uint32_t met_in, met_out, near_in, near_out; /* count on for ever */

    struct mon_undo *undo; /* what was marked since mon_marker_try */
    size_t nundo, undo_cap;
    const struct g *
        *others; /* into whose stacks pointers were met since then */
    size_t nothers, others_cap;
    struct mon_variables variables; /* that are noted while trying */
    uint8_t *variable_done;         /* [variables.n] */
    uint32_t *met_variables;        /* into which pointers were met */
    size_t nmet, met_cap;
    bool trying;
    bool failed;   /* no memory: nothing can be said */
    uint64_t seen; /* words come by so far, those that are not looked at too */
};

/* 0, or -ENOMEM. All memory is the arena's; it keeps in, which must stay. */
int mon_marker_open(struct mon_marker *k, const struct go_inspect *in,
                    const struct rt_blocks *blocks, struct rt_arena *arena);
/* One word; n words, maybe a copy, that stand at address; memory as it is; a
   goroutine's stack: and all that follows, at once. */
void mon_mark_word(struct mon_marker *k, uintptr_t word);
void mon_mark_words(struct mon_marker *k, const uintptr_t *words, size_t n,
                    uintptr_t address);
void mon_mark_range(struct mon_marker *k, uintptr_t low, uintptr_t high);
void mon_mark_stack(struct mon_marker *k, const struct g *g);
/* Within careful() only: some of the words. */
void mon_marker_take(struct mon_marker *k, const uintptr_t *words, size_t n,
                     uintptr_t address);
/* What g can do besides; what an armed timer will do. False: anything. */
void mon_mark_goroutine(struct mon_marker *k, const struct g *g);
bool mon_mark_timer(struct mon_marker *k, const struct rt_timer *t);

/*
 * Between the two, marks are noted and then undone: to ask what one source
 * reaches that no other has. Pointers into other stacks find what they point
 * at, and are not followed before mon_mark_others; nor are those into these
 * variables before mon_mark_variables, which leaves the stacks alone. A stack
 * may be noted as if somebody had pointed into it.
 */
void mon_marker_try(struct mon_marker *k);
void mon_marker_note(struct mon_marker *k, const struct g *g);
void mon_mark_variable(struct mon_marker *k, uint32_t variable);
void mon_mark_variables(struct mon_marker *k);
void mon_mark_others(struct mon_marker *k);
void mon_marker_undo(struct mon_marker *k);
/* From here on these are noted. False: there is no memory for that. */
bool mon_marker_variables(struct mon_marker *k, struct mon_variables v);

#endif

/*
 * strategy.h - who takes the choices of an execution: what all strategies are.
 *
 * A strategy sees steps and notes (vigil/control.h) and nothing else: what the
 * scenario is, what it is expected to do and what was found is not its
 * business. Its memory is its own, all of it of memory.h, for executions may be
 * processes; it may grow while it chooses, but not for every choice.
 *
 * The same seed and the same scenario give the same choices, always.
 */
#ifndef HN_EXPLORE_STRATEGY_H
#define HN_EXPLORE_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vigil/control.h>

struct hn_strategy; /* one in use: each kind's own */

enum {
    HN_WIDE = 1 << 28
};

struct hn_strategy_kind {
    const char *name;  /* as --strategy has it: "pct" */
    const char *about; /* one line for people */
    /* How one is made, as hn_strategy_make says it. NULL: it is a sampler of
       that size (sampler.h), and has no parameter. */
    struct hn_strategy *(*make)(uint32_t parameter, uint64_t seed);
    size_t size;
    void (*free)(struct hn_strategy *s);
    /* An execution begins: the first, the next. */
    void (*begin)(struct hn_strategy *s);
    /* As in struct go_control; n may be 1. GO_NOWHERE: whatever could follow is
       known from others, and this execution is none. */
    uint32_t (*choose)(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n);
    /* It chooses as struct go_draw does, by this state of its random numbers.
       NULL: in another way. */
    uint64_t *(*draws)(struct hn_strategy *s);
    /*
     * Its first choices of the execution that begins, as far as they are those
     * of the one before, and what is done up to the last of them is not to be
     * noted again. It is told how many more of them were done, before it is
     * asked. NULL: it looks at all.
     */
    const struct go_known *(*knows)(struct hn_strategy *s, uint32_t *n);
    void (*did)(struct hn_strategy *s, uint32_t n);
    /* n above HN_WIDE is a random number of the C library: those who try all try
       two of them, and are not complete. */
    uint32_t (*number)(struct hn_strategy *s, uint32_t task, uint32_t n);
    void (*note)(struct hn_strategy *s, enum go_note note, uint32_t task,
                 const void *object, uint32_t other); /* NULL: not wanted */
    /*
     * It is over. False: there is nothing left to be tried. For those that
     * never know that, always true.
     */
    bool (*end)(struct hn_strategy *s, const struct go_execution *e);
    /* After end has returned false: whether what was tried covers all there
       is. NULL: never. */
    bool (*complete)(const struct hn_strategy *s);
    /* Likewise: whether it ends because choices that it had made before came
       to other steps. NULL: it would not know. */
    bool (*lost)(const struct hn_strategy *s);
    /* Likewise: whether it ends for want of memory. NULL: it never does. */
    bool (*full)(const struct hn_strategy *s);
    /* After choose has said GO_NOWHERE: whether that is for a loop that waits,
       of which another round would be but that. NULL: never. */
    bool (*loops)(const struct hn_strategy *s);
    /* How often it goes round such a loop at the most. With loops. */
    uint32_t (*rounds)(const struct hn_strategy *s);
    /* The choices from here on are others', to the end: it is such a loop. NULL:
       all the same. */
    void (*leaves)(struct hn_strategy *s);
    bool fair; /* who can go on does within a bound of choices */
};

extern const struct hn_strategy_kind hn_random; /* uniform among the steps */
extern const struct hn_strategy_kind hn_pct;    /* random priorities, d - 1
                                                   changes; fair in the end */
extern const struct hn_strategy_kind hn_pos;    /* partial order sampling */
extern const struct hn_strategy_kind hn_surw;   /* selectively uniform */
extern const struct hn_strategy_kind hn_fair;   /* in turn, from a random moment
                                                   on */
extern const struct hn_strategy_kind hn_hold;   /* who holds waits last */
extern const struct hn_strategy_kind hn_delay;  /* all with few delays */
extern const struct hn_strategy_kind hn_dpor;   /* all that differ */

/* NULL: no memory. parameter is the kind's own ("d" of PCT, the bound of delays;
   0: the default). */
struct hn_strategy *hn_strategy_make(const struct hn_strategy_kind *kind,
                                     uint32_t parameter, uint64_t seed);
/* The kind of that name; NULL: there is none. */
const struct hn_strategy_kind *hn_strategy_find(const char *name);
/* All of them, in the order of the documentation; NULL ends them. */
extern const struct hn_strategy_kind *const hn_strategies[];

#endif

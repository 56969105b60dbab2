/*
 * world.h - random worlds for the judge of memory reachability: who waits for
 * what, and who has which word where.
 *
 * A world is a plan. play.c makes it real, as goroutines, channels, blocks and
 * threads; truth.c tells from the plan alone who in it is stuck.
 */
#ifndef TESTS_JUDGE_WORLD_H
#define TESTS_JUDGE_WORLD_H

#include <stdbool.h>
#include <stdint.h>

enum {
    WORLDS = 8, /* played at a time: one look costs as much as ten worlds */
    MAX_ACTOR = 6,
    MAX_CHAN = 10, /* made ones, then those of timers */
    MAX_NODE = 10,
    MAX_CONTEXT = 4,
    MAX_TIMER = 4,
    MAX_REF = 64,
    MAX_WAIT = 3,
    NODE_WORDS = 3,
    TIMER_WORDS = 2,
    REGISTERS = 5, /* that a call saves, and so can keep */
    SLOTS = 4,     /* of each place that is no goroutine's */
};

/* What a word names, and how. */
enum form {
    FORM_CHAN,
    FORM_SENDER,
    FORM_RECEIVER,
    FORM_DONE, /* the done channel of a context */
    FORM_CONTEXT,
    FORM_TIMER,
    FORM_NODE,
    FORM_MIDDLE,   /* of a node */
    FORM_PAST_END, /* one past the end of a node */
    FORM_COUNT
};

/* Where a word is. */
enum place {
    PLACE_NONE,      /* nowhere: the word stays hidden */
    PLACE_STACK,     /* an actor's */
    PLACE_SAVED,     /* in a register of an actor that waits */
    PLACE_REGISTER,  /* of an actor that computes: one that calls save */
    PLACE_SCRATCH,   /* one that calls do not save */
    PLACE_VECTOR,    /* the low half of a vector register */
    PLACE_VECTOR_UP, /* the upper half */
    PLACE_RED_ZONE,  /* below the stack pointer */
    PLACE_MOVING,    /* from one place of an actor to the next, all the time */
    PLACE_BLOCKING,  /* the stack of the thread of a go_blocking */
    PLACE_DATA,      /* a global that has an initial value */
    PLACE_BSS,       /* one that has none */
    PLACE_TLS,       /* of a worker */
    PLACE_MAPPED,    /* got from mmap */
    PLACE_THREAD,    /* the stack of a thread */
    PLACE_SPECIFIC,  /* pthread_setspecific of a thread */
    PLACE_KNOWN,     /* go_known_elsewhere */
    PLACE_LOOKER,    /* a register of who calls go_check */
    PLACE_NODE,      /* a word of a node */
    PLACE_BUFFER,    /* a value in a channel */
    PLACE_SENT,      /* a value of a parked sender */
    PLACE_TIMER,     /* an argument of go_after_func */
    PLACE_VALUE,     /* of a context */
    PLACE_COUNT
};

struct ref {
    uint8_t form, target;
    uint8_t tag; /* in the low three bits */
    uint8_t place;
    uint8_t owner; /* actor, node, channel, timer or context */
    uint8_t at;    /* which of its slots */
};

enum act {
    ACT_PARK,  /* waits, for good or not */
    ACT_YIELD, /* these live: */
    ACT_SLEEP,
    ACT_TIMED, /* waits, but not for ever */
    ACT_SPIN,  /* computes, with one word in a register (place of its ref) */
    ACT_MOVE,
    ACT_BLOCK, /* in go_blocking */
    ACT_COUNT
};

enum wait {
    WAIT_RECV,
    WAIT_SEND,
    WAIT_DONE,
    WAIT_TIMER,
    WAIT_NODE, /* on what is in a node: these are not selected */
};

struct actor {
    uint8_t act;
    uint8_t nwait;
    uint8_t saves; /* some of its words are in saved registers */
    struct {
        uint8_t kind, target;
    } wait[MAX_WAIT];
};

enum use { /* of a channel: so who waits does wait */
    USE_IDLE,
    USE_RECV, /* empty, receivers wait */
    USE_SEND  /* full, senders wait */
};

struct chan_plan {
    uint8_t cap, len, use;
    bool of_timer;
};

enum sync {
    SYNC_NONE,
    SYNC_WAITGROUP,
    SYNC_SEMAPHORE,
    SYNC_COND,
    SYNC_BARRIER,
    SYNC_MUTEX, /* locked by its owner all the time */
    SYNC_GROUP  /* a wait group with its owner as the one member */
};

enum region {
    REGION_HEAP,
    REGION_GLOBAL,
    REGION_STACK, /* of its host */
};

struct node_plan {
    uint8_t sync, owner; /* of SYNC_MUTEX, SYNC_GROUP: an actor */
    uint8_t region, host;
    bool freed;
    uint16_t pad; /* bytes in front: so blocks are of all sizes */
};

struct context_plan {
    uint8_t parent; /* index, or its own: background */
    bool timeout, value;
};

struct timer_plan {
    bool armed, func;
    uint8_t chan; /* of one that is no func */
};

struct world {
    uint64_t seed;
    bool clock_virtual, acts; /* acts: the living use what they have at the
                                 end, to see whether the stuck are stuck */
    uint8_t procs, looks;
    uint8_t nactor, nmade, nchan, nnode, ncontext, ntimer, nref;
    struct actor actor[MAX_ACTOR];
    struct chan_plan chan[MAX_CHAN];
    struct node_plan node[MAX_NODE];
    struct context_plan context[MAX_CONTEXT];
    struct timer_plan timer[MAX_TIMER];
    struct ref ref[MAX_REF];
};

/* The same seed is the same world. */
void world_make(struct world *w, uint64_t seed);

/* The kinds of words whose loss must be noticed: each place, each form, and
   tags. What is lost is planned, but not done. */
enum {
    LOSS_NONE = 0,
    LOSS_FORM = PLACE_COUNT,
    LOSS_TAG = LOSS_FORM + FORM_COUNT,
    LOSS_COUNT
};
const char *world_loss_text(unsigned loss);
bool world_is_lost(const struct ref *r, unsigned loss);

#endif

/*
 * program.h - small random programs over all that the runtime has.
 *
 * A program is a few tasks, each a straight line of operations on a few shared
 * objects. Task 0 is main; each other one is started by exactly one operation
 * of an earlier task. What the API demands is kept when it is played: who does
 * not hold a lock does not unlock it. Everything else is free to deadlock, to
 * leak and to panic.
 */
#ifndef ORACLE_PROGRAM_H
#define ORACLE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TASKS = 4,
    OPS = 10, /* of a task, with its spawns and unlocks */
    CASES = 3,
    MUTEXES = 2,
    CONTEXTS = 3,
    ATOMICS = 2,
};

/* Where values go, and closes come from. */
enum place {
    PLACE_A, /* the program's own channels */
    PLACE_B,
    PLACE_TIMER, /* the timer's */
    PLACE_DONE,  /* of each context: three of them */
    PLACE_NIL = PLACE_DONE + CONTEXTS,
    PLACES
};

enum verb {
    V_LOCK, /* of mutex a; so the next two */
    V_UNLOCK,
    V_TRYLOCK,
    V_WLOCK,
    V_WUNLOCK,
    V_TRYWLOCK,
    V_RLOCK,
    V_RUNLOCK,
    V_TRYRLOCK,
    V_SEND, /* on place a */
    V_RECV,
    V_TRYSEND,
    V_TRYRECV,
    V_SELECT,
    V_CLOSE,
    V_LEN,
    V_ADD, /* a, to the group */
    V_DONE,
    V_WAIT,
    V_COND_WAIT, /* with mutex 0 */
    V_SIGNAL,
    V_BROADCAST,
    V_ACQUIRE, /* a units */
    V_TRYACQUIRE,
    V_RELEASE,
    V_ONCE, /* up to V_ONCE_END is what it runs */
    V_ONCE_END,
    V_BARRIER,
    V_CANCEL, /* context a */
    V_DERIVE, /* context 2, below a */
    V_ERR,    /* of context a */
    V_SLEEP,  /* for a */
    V_AFTER,  /* waits for a timer of its own, a from now */
    V_TICKS,  /* waits for a ticks of a ticker of its own */
    V_STOP,   /* the timer */
    V_RESET,  /* to a from now */
    V_LOAD,   /* of atomic a */
    V_STORE,  /* b */
    V_SWAP,
    V_BUMP,
    V_CAS, /* b to b + 1 */
    V_YIELD,
    V_CHOOSE, /* below a */
    V_SPAWN,  /* task a */
    V_MEMBER, /* task a, of the group */
    V_LATER,  /* task a, b from now */
    V_COUNT
};

/* One case of a select. */
struct way {
    bool send;
    uint8_t place;
};

struct op {
    uint8_t verb, a, b;
    uint8_t ncase;  /* of a select */
    bool otherwise; /* it has a default, in the end */
    struct way way[CASES];
};

struct program {
    uint64_t seed;
    uint8_t cap[2];    /* of the channels */
    uint8_t units;     /* of the semaphore */
    uint8_t count;     /* the group's, before anybody runs */
    uint8_t timer;     /* when it expires */
    uint8_t within[2]; /* deadlines of contexts 0 and 1, which is its child;
                          0: none */
    uint8_t ntask;
    uint8_t nop[TASKS];
    struct op op[TASKS][OPS];
};

/* The seed's program; about as many schedules as most allows, or fewer. */
void program_make(struct program *p, uint64_t seed, uint64_t most);
/* Whether it has the operation. */
bool program_has(const struct program *p, enum verb v);
/* Whether it receives from one of these places. */
bool program_receives(const struct program *p, unsigned low, unsigned high);
/* Whether anything in it happens at a time. */
bool program_waits(const struct program *p);
/* For people; returns its length, as snprintf. */
size_t program_text(const struct program *p, char *to, size_t n);

/* The value that task t sends with its operation i, in case k. */
static inline uint8_t program_value(unsigned t, unsigned i, unsigned k)
{
    return (uint8_t)(1 + (t * OPS + i) * CASES + k);
}

#endif

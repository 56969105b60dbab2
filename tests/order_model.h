/*
 * order_model.h - random programs of locks, messages, forks and joins, and all
 * their schedules.
 *
 * A program is straight-line code for up to four goroutines; what is held, sent
 * and done follows from the program counters, so a state is one number and all
 * of them can be visited. A deadlock of the model is a ring of goroutines each
 * of which asks for a lock that the next one holds. Sender and receiver of a
 * channel are fixed, so messages order the same things in every schedule.
 */
#ifndef TESTS_ORDER_MODEL_H
#define TESTS_ORDER_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    GS = 4,
    LOCKS = 3,
    CHANS = 2,
    OPS = 9,
    RINGS = 256
};

enum what {
    LOCK,
    RLOCK,
    UNLOCK, /* of either kind */
    SEND,
    RECV,
    GO,
    WAIT,
    END
};

struct op {
    enum what what;
    int arg;
    int held; /* UNLOCK: the op that locked */
};

struct program {
    int n; /* goroutines */
    int len[GS];
    struct op op[GS][OPS];
    int cap[CHANS]; /* 0: they meet */
    bool waits_inside;
};

/* One goroutine's part of a ring: it holds since one op, and asks in another. */
struct part {
    uint8_t g, held, taken;
};
struct ring {
    int n;
    struct part part[GS]; /* by g */
};
struct rings {
    int n;
    struct ring ring[RINGS];
};

extern struct program order_prog; /* the one that is looked at */

/* Another one. */
void order_draw(void);

/* All its schedules: the rings that they come to, and whether any ends well. */
bool order_explore(struct rings *reached);

/* After that: a random one of those that end well, by goroutine; -1 ends it. */
void order_schedule(int to[GS * OPS + 1]);

bool order_has_ring(const struct rings *all, const struct ring *r);
/* Once each, its parts in any order. */
void order_add_ring(struct rings *all, struct ring r);

#endif

/*
 * refer.h - what a word found in memory names of the runtime's, and what who
 * holds it can do with it.
 *
 * For a look: while the world is stopped, or in a copy of that moment. Nothing
 * here takes a lock, asks for memory or calls itself. Locks, groups and the
 * like are not here: they lie in the program's memory and are found by their
 * address.
 */
#ifndef RT_SYNC_REFER_H
#define RT_SYNC_REFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vigil/object.h>

#include "runtime/base/own.h"
#include "runtime/sched/timer.h"

struct go_chan;
struct go_context;
struct rt_timers;

/* enum go_want as a bit of a set: whose waiters the holder can serve. */
#define RT_WANT(want) (1u << (want))

enum rt_refers {
    RT_REFERS_NOTHING, /* the runtime's maps are elsewhere */
    RT_REFERS_UNUSED,  /* into them, at what is nothing (any more): nobody
                          waits there, and it is not to be scanned */
    RT_REFERS_CHAN,
    RT_REFERS_CONTEXT,
    RT_REFERS_TIMER,
};

struct rt_ref {
    enum rt_refers what;
    unsigned wants; /* a channel's: RT_WANT of what this handle can do */
    union {
        struct go_chan *chan;
        struct go_context *context;
        struct rt_timers *timer; /* a go_timer's or go_ticker's */
    };
};

/*
 * word may point into the middle, and carry tag bits. A handle that can send
 * only has no RT_WANT(GO_WANT_RECV) and the other way round; the done channel
 * of a context can do nothing at all. Returns ref->what.
 */
enum rt_refers rt_refer(uintptr_t word, struct rt_ref *ref);
/* No word outside [low, high) is more than NOTHING. false: no word at all. */
bool rt_refer_bounds(uintptr_t *low, uintptr_t *high);

/* What a context gives to who reaches it. */
enum {
    RT_CONTEXT_CANCEL = 1, /* it and all below may be cancelled */
    RT_CONTEXT_READ = 2,   /* its values and those above may be read */
};

/*
 * Whom the functions below tell what they find. The two that return whether
 * it is the first time remember that: so all calls together take one step for
 * each context and timer. Each is called with nothing half done; but what
 * word and object are given is to be put by, not followed from within.
 */
struct rt_reached {
    /* Who waits there for one of wants may be served. */
    void (*object)(void *arg, const struct go_object *o, unsigned wants);
    /* A word that can be read. */
    void (*word)(void *arg, uintptr_t word);
    /* how: one RT_CONTEXT_; number: below rt_context_slots(). */
    bool (*context)(void *arg, uint32_t number, unsigned how);
    bool (*timer)(void *arg, uint32_t number); /* below rt_timers_slots() */
    void *arg;
};

/* What follows from a word: what ref names, and what that gives. */
void rt_ref_reach(const struct rt_ref *ref, const struct rt_reached *to);

/*
 * What an armed timer will do by itself, of whatever kind: whose waiters it
 * serves, which words its function is given. (Whom RT_TIMER_WAKE wakes is
 * told by t->g.) False: it calls what is not known here: it may do anything.
 */
bool rt_timer_reach(const struct rt_timer *t, const struct rt_reached *to);
/* Whether that is of use to anybody: wakes somebody, or calls the program. */
bool rt_timer_helps(const struct rt_timer *t);

/*
 * What g can do once it runs, though it may be named on no stack: as a member,
 * end its group's wait, and by failing cancel an errgroup's context (not use
 * the group's memory: that may be on another stack, of which a member need
 * not know anything); and where it sends from or receives into.
 */
void rt_g_reach(const struct g *g, const struct rt_reached *to);

/*
 * The values in c's buffer now, oldest first, in up to two pieces; how many.
 * Who can receive from c gets them. (What a parked sender holds is on its
 * stack, and it comes to life as well.)
 */
unsigned rt_refer_values(const struct go_chan *c, struct rt_span span[2]);

/*
 * Words that are the runtime's own though they lie in the program's memory,
 * and so say nothing about what the program holds: not to be followed.
 */

/* Of a parked g: its waiters, which point to its neighbours in the queue and
   to whole channels where it has half a handle. True: there are any. */
bool rt_g_own(const struct g *g, struct rt_span *span);
/* Of an object of that kind in the program's memory: its owner, its queue. An
   errgroup's context is behind it. False: it lies not in that memory. */
bool rt_object_own(const void *address, enum go_kind kind,
                   struct rt_span *span);

#endif

/*
 * g.h - a goroutine: its state, why it waits, what it holds.
 *
 * A g lies at the top of its stack's slot (stack.h), so one touched page
 * holds both. Slots are reused; ids never are. Every field says who guards
 * it: [self] the running goroutine, [init] written before it can run, [park]
 * written by itself before it parks and read by who wakes it or by a look,
 * [world] read or written while the world is stopped, [lock] the lock named.
 */
#ifndef RT_SCHED_G_H
#define RT_SCHED_G_H

#include <stddef.h>
#include <vigil/go.h>
#include <vigil/inspect.h>

#include "runtime/base/lock.h"
#include "runtime/base/throw.h"

struct g;
struct m;
struct p;
struct rt_causal; /* causal.h */

/*
 * FREE -> RUNNABLE (spawn) -> RUNNING (the scheduler) -> WAITING (rt_park) or
 * BLOCKING (go_blocking) or DEAD (exit); WAITING -> RUNNABLE (rt_ready);
 * RUNNING -> RUNNABLE (yield); BLOCKING -> RUNNABLE; DEAD -> FREE. Before it has
 * a stack, and so before it is seen by others: UNBORN (unborn.h).
 */
enum rt_gstatus {
    RT_G_FREE, /* what untouched memory says */
    RT_G_RUNNABLE,
    RT_G_RUNNING,
    RT_G_WAITING,
    RT_G_BLOCKING,
    RT_G_DEAD,
    RT_G_FOREIGN, /* the stand-in for a thread that is no goroutine */
    RT_G_UNBORN,  /* not this one: what it will be made of */
    RT_G_STATUS_COUNT
};

/*
 * One goroutine in one object's queue. Lives on the waiting goroutine's stack
 * (a select has one for each case), linked by waitq.h under the object's lock.
 */
struct waiter {
    struct waiter *next, *prev; /* [object lock] */
    struct go_waitq *queue;     /* [object lock] NULL: in none */
    struct g *g;                /* [init] */
    struct go_object *obj;      /* [init] NULL: a nil channel */
    void *elem;                 /* [init] a channel's value, in or out */
    int64_t units;              /* [init] a semaphore's */
    const struct go_site *site; /* [init] of the case, or of the call */
    uint8_t want;               /* [init] enum go_want */
    uint8_t shared;             /* [init] a read lock */
    bool selects;               /* [init] one of several: claim before waking */
    bool success;               /* [object lock] a value came, not a close */
};

/* Why a goroutine does not run: what a report says of it. */
struct rt_wait {
    enum go_wait_reason reason;
    uint32_t n;                 /* of w[]: 0 when nothing can be named */
    struct waiter *w;           /* an array on its stack */
    const struct go_site *site; /* of the call that parked */
    int64_t since;              /* instant */
    int64_t until;              /* a timer wakes it then; -1: none does */
};

/* A lock that it holds, or a once that it runs; newest last. */
struct rt_held {
    struct go_object *obj;
    const struct go_site *site; /* where it was taken */
    uint32_t id;                /* its number; 0: not asked for yet */
    uint8_t shared;
};
enum {
    RT_HELD_INLINE = 6
};

struct rt_try; /* panic.c: where a panic may leave to */

/*
 * By lines of the cache: what a spawn fills in are the first two, what a switch
 * and a wait write is in the first three.
 */
struct g {
    void *sp;              /* [park] saved stack pointer */
    uint32_t status;       /* [atomic] enum rt_gstatus, rt_g_set_status */
    uint32_t select_done;  /* [atomic] 0: a waker may still claim it */
    struct g *link, *back; /* [lock] of the queue that it is in */
    uint64_t id;           /* [init] 1 is main */
    go_fn *fn;             /* [init] */
    const struct go_site *created; /* [init] */
    uint64_t created_by;           /* [init] */

    struct go_object *member;   /* [init] of this wait group or errgroup */
    void (*at_end)(struct g *); /* [init] tells the group, or NULL */
    union {
        struct rt_wait wait;        /* [park] */
        uintptr_t arg[GO_CALL_MAX]; /* [init] while UNBORN: of fn */
    };

    struct waiter *woken_by;    /* [park] the waiter that was served */
    const struct go_site *last; /* [self] its last call into the runtime */
    struct rt_held *held;       /* [self] held_inline, or more from the heap */
    uint32_t nheld, held_cap;   /* [self] */
    int saved_errno;            /* [park] */
    bool daemon;                /* [self] go_expect_daemon */
    bool exiting;               /* [self] go_exit: past every try */
    bool proven;             /* [world] a look has proven it stuck for good */
    bool moved;              /* [self] came to a point, since looks.c looked */
    bool read_clock;         /* [self] since it last stopped or yielded */
    uint8_t polls;           /* [self] yields in a row, each after that */
    bool marked;             /* [self] something was, in this epoch */
    uint32_t epoch;          /* [self] causal.c's; 0: in no clock */
    struct rt_causal *clock; /* [self, park] what is past; NULL: nothing */

    struct go_defer *defers;        /* [self] newest first */
    const struct go_site *deferred; /* [self] where what runs now was */
    go_fn *called;                  /* [self] what a once or a try runs now */
    struct rt_try *tries;           /* [self] innermost first */
    void *panic;            /* [self] panic.c's, while one unwinds: heap */
    const char *name;       /* [atomic] interned, or NULL */
    uintptr_t result;       /* [self] of fn */
    struct g *foreign_next; /* [world lock] list of the stand-ins */
    void *asan_fake_stack;  /* [park] */
    /* not cleared by a spawn, from here on */
    uint32_t slot;          /* [init] its stack's number */
    uint32_t task;          /* [init] its name in controlled runs */
    void *tsan_fiber;       /* [init] */
    struct rt_point *point; /* [init] where it stands there, for operations with
                               no more to say */
    struct rt_held held_inline[RT_HELD_INLINE];
};
_Static_assert(offsetof(struct g, member) == 64 &&
                   offsetof(struct g, woken_by) == 128,
               "in lines of the cache as they are used");

/*
 * rt_g_moves[from] has the bit of each status that may follow, by whom. A move
 * that is not in it is our own failure.
 */
#define RT_G_TO(status) (1u << (status))
static const uint8_t rt_g_moves[RT_G_STATUS_COUNT] = {
    [RT_G_FREE] = RT_G_TO(RT_G_RUNNABLE),     /* rt_spawn */
    [RT_G_RUNNABLE] = RT_G_TO(RT_G_RUNNING),  /* become */
    [RT_G_RUNNING] = RT_G_TO(RT_G_WAITING) |  /* park */
                     RT_G_TO(RT_G_RUNNABLE) | /* yield, wait_at */
                     RT_G_TO(RT_G_BLOCKING) | /* go_blocking */
                     RT_G_TO(RT_G_DEAD),      /* rt_exit */
    [RT_G_WAITING] = RT_G_TO(RT_G_RUNNABLE),  /* rt_ready */
    [RT_G_BLOCKING] = RT_G_TO(RT_G_RUNNABLE), /* the call has returned */
    [RT_G_DEAD] = RT_G_TO(RT_G_FREE),         /* rt_finish */
};
#undef RT_G_TO
void rt_g_wrong_status(const struct g *g, enum rt_gstatus from,
                       enum rt_gstatus to) __attribute__((noreturn, cold));

/* Moves g from one status to another; throws when it was not in from. */
static inline __attribute__((always_inline)) void
rt_g_set_status(struct g *g, enum rt_gstatus from, enum rt_gstatus to)
{
    if (rt_unlikely(g->status != from || !(rt_g_moves[from] >> to & 1)))
        rt_g_wrong_status(g, from, to);
    __atomic_store_n(&g->status, to, __ATOMIC_RELEASE);
}

static inline enum rt_gstatus rt_g_status(const struct g *g)
{
    return (enum rt_gstatus)__atomic_load_n(&g->status, __ATOMIC_ACQUIRE);
}

/*
 * Every goroutine that exists, in the order of its slots: at(0), at(1), ...
 * up to rt_g_slots(); NULL where a slot is free. Only while the world is
 * stopped, or it may be gone before it is looked at.
 */
uint32_t rt_g_slots(void);
struct g *rt_g_at(uint32_t slot);
/* Will be asked for: each g lies on a page of its own. */
void rt_g_fetch(uint32_t slot);
struct g *rt_g_find(uint64_t id);   /* NULL: ended, or never was */
struct g *rt_g_foreign_first(void); /* the stand-ins, by foreign_next */

/* Notes that g took, gave back obj. The newest is looked at first. */
void rt_held_push(struct g *g, struct go_object *obj,
                  const struct go_site *site, bool shared);
/* False: g does not hold it so. */
bool rt_held_pop(struct g *g, const struct go_object *obj, bool shared);
struct rt_held *rt_held_find(struct g *g, const struct go_object *obj,
                             bool shared);
/*
 * Whether obj, or a copy of all of it, is a lock that says the same: the
 * program may have freed one that it held, and it is something else now. Of
 * read locks it says only how many there are.
 */
bool rt_held_still(const void *obj, const struct g *g, bool shared);
/* The same of what g notes that it holds, whatever is there by now; copies the
   object's head. */
bool rt_held_head(struct go_object *head, const struct g *g,
                  const struct rt_held *held);

#endif

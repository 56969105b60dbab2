/*
 * chan.h - a channel from inside: its memory, and what the runtime's own
 * channels (timers, contexts) need beyond <vigil/chan.h>.
 *
 * Channels lie in one reserved map of equal slots (chanmem.c), so any word
 * can be asked whether it is a handle to one, and to which. A slot given back
 * keeps saying so (RT_CHAN_FREED) until it is used anew.
 *
 * Lock: rank RT_RANK_OBJECT; select takes several, in the order of addresses.
 *
 * C1  A receiver waits only while the buffer is empty and no sender waits; a
 *     sender only while the buffer is full and no receiver waits (cases of
 *     one and the same select apart).
 * C2  Nobody waits on a closed channel.
 * C3  len values lie from out on, round the ring; in is where the next goes.
 */
#ifndef RT_SYNC_CHAN_H
#define RT_SYNC_CHAN_H

#include <string.h>

#include "runtime/sched/park.h"
#include "runtime/sync/object.h"
#include "runtime/sync/waitq.h"

enum rt_chan_state {
    RT_CHAN_OPEN, /* the only one on the fast paths */
    RT_CHAN_CLOSED,
    RT_CHAN_FREED,
};

/* What a channel is for; 0: the program made it. */
enum rt_chan_use {
    RT_CHAN_PLAIN,
    RT_CHAN_TIMER,   /* len and cap say 0, as in Go */
    RT_CHAN_CONTEXT, /* a context's done: never sent on */
};

#define RT_CHAN_USE_FREED "use of freed channel"

/* Bytes of buffer in the slot itself. */
enum {
    RT_CHAN_INLINE = 16
};

struct go_chan {
    struct go_object obj;  /* [init] first: an object is a channel */
    uint32_t lock;         /* rank RT_RANK_OBJECT */
    uint8_t state;         /* [lock] enum rt_chan_state */
    uint8_t use;           /* [init] enum rt_chan_use */
    bool in_run;           /* [init] given back when the run ends */
    size_t len, cap;       /* [lock] values; [init] room for them */
    size_t elem;           /* [init] bytes of a value, 0 is fine */
    char *in, *out;        /* [lock] next to be written, to be read */
    char *buf, *end;       /* [init] the ring; NULL: no room */
    struct go_waitq recvq; /* [lock] parked receivers, oldest first */
    struct go_waitq sendq; /* [lock] parked senders */
    struct go_use sent;    /* [lock] the last of each */
    struct go_use received;
    struct go_use closed; /* or freed */
    union {
        const char *type;     /* [init] text of T */
        struct go_chan *next; /* [pool lock] of the free slots */
    };
    char inside[RT_CHAN_INLINE];
};
_Static_assert(sizeof(struct go_chan) % GO_CHAN_ALIGN == 0, "slots align");

/* The channel that a handle, of whatever kind, stands for. */
static inline struct go_chan *rt_chan_of(const struct go_chan *handle)
{
    return (struct go_chan *)((uintptr_t)handle &
                              ~(uintptr_t)(GO_CHAN_ALIGN - 1));
}

/* Copies one value; to or from NULL: there is none, or nobody wants it. */
static inline void rt_chan_copy(void *to, const void *from, size_t n)
{
    if (rt_unlikely(!to))
        return;
    if (rt_likely(n == 8))
        memcpy(to, from, 8);
    else if (n == 4)
        memcpy(to, from, 4);
    else if (n == 1)
        memcpy(to, from, 1);
    else if (n)
        memcpy(to, from, n);
}

/* The same of the usual sizes, in line; false: it is another one. */
static inline bool rt_chan_copy_usual(void *to, const void *from, size_t n)
{
    if (rt_likely(n == 4) && to)
        memcpy(to, from, 4);
    else if (n == 8 && to)
        memcpy(to, from, 8);
    else if (n == 1 && to)
        memcpy(to, from, 1);
    else
        return !n || (!to && n <= 8);
    return true;
}

/* Notes who did it last; NULL: no goroutine. */
static inline void rt_chan_use(struct go_use *use, const struct g *by,
                               const struct go_site *site)
{
    rt_record(use->goroutine = by ? by->id : 0);
    rt_record(use->site = site);
}

/* The partner's half is done: it will see success, and which waiter it was. */
static inline struct g *rt_chan_serve(struct waiter *w, bool success)
{
    struct g *g = w->g;

    w->success = success;
    g->woken_by = w;
    return g;
}

/*
 * A new channel. Outside rt_enter: it may ask for memory. NULL, and *why is
 * the panic's text, when the size is absurd or there is no memory.
 */
struct go_chan *rt_chan_new(size_t elem, size_t cap, const char *type,
                            enum rt_chan_use use, const struct go_site *site,
                            const char **why);

/*
 * The next ones between rt_enter and rt_leave, also in the scheduler; by may
 * be NULL: nobody's goroutine. They take the channel's lock, and never park.
 */

/* Sends if there is a receiver or room; false: neither, or closed. */
bool rt_chan_post(struct go_chan *c, const void *v, const struct g *by,
                  const struct go_site *site);
/* Forgets what is in the buffer; whether there was anything. */
bool rt_chan_drain(struct go_chan *c);
/* Closes; NULL, or the text of the panic that it deserves. */
const char *rt_chan_shut(struct go_chan *c, const struct g *by,
                         const struct go_site *site);

/*
 * Gives back a channel that is not in use, and will not be. Returns what is
 * to be passed to free() after rt_leave.
 */
void *rt_chan_retire(struct go_chan *c, const struct g *by,
                     const struct go_site *site);

/*
 * With c's lock held and c not freed: the two halves when they need not wait.
 * They return false when they would have to, else *wake is whom to ready once
 * the lock is released, or NULL. To give: c is open. To take: *ok tells a value
 * from a close.
 */
bool rt_chan_give_locked(struct go_chan *c, const void *v, const struct g *by,
                         const struct go_site *site, struct g **wake);
bool rt_chan_take_locked(struct go_chan *c, void *out, const struct g *by,
                         const struct go_site *site, bool *ok, struct g **wake);

/*
 * The channel that address points to or into, by whatever handle; NULL: none,
 * or one given back. Any thread, at any time.
 */
struct go_chan *rt_chan_at(const void *address);
/* Where only channels lie; empty: nowhere yet. */
void rt_chan_map(uintptr_t *low, uintptr_t *high);
/* Every slot that was ever used, by number; for a look. */
uint32_t rt_chan_slots(void);
struct go_chan *rt_chan_slot(uint32_t i); /* NULL: not in use */
uint32_t rt_chan_number(const struct go_chan *c);
/*
 * Of a parked select: the end of its own words, which begin at its waiters
 * (w[0..n), of g->wait) and tell nothing about what the program holds.
 */
uintptr_t rt_select_own_end(const struct waiter *w, uint32_t n);

#endif

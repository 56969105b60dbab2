/*
 * context.h - a context from inside. [lock] is that of all (context_tree.h).
 */
#ifndef RT_SYNC_CONTEXT_H
#define RT_SYNC_CONTEXT_H

#include <vigil/context.h>

#include "runtime/sched/timer.h"
#include "runtime/sync/chan.h"

struct go_context {
    struct go_object obj;      /* [init] first */
    struct go_context *parent; /* [init] counted; NULL: background */
    struct go_context *node;   /* [init] the nearest that can be cancelled,
                                       itself included; NULL: none */
    struct go_context *first, *last; /* [lock] children that can be cancelled */
    struct go_context *next, *prev;  /* [lock] in the children of its parent's
                                       node; next also in the queue of a cancel,
                                       among those freed, and of its slot */
    struct go_chan *done;            /* [init] NULL: a value only */
    const void *key;                 /* [init] */
    void *value;                     /* [init] */
    int64_t deadline;                /* [init] INT64_MAX: none */
    struct rt_timer timer;           /* armed while it lives, if the deadline is
                                       its own */
    struct go_use cancelled;         /* [lock] by whom */
    uint32_t refs;                   /* [lock] its maker, its children */
    int32_t err;                     /* [atomic] 0 while it lives */
    bool linked; /* [lock] in its parent's node's children */
    bool freed;  /* [lock] by its maker */
};

/* Whether t, when it fires, calls a function of the program's; a context's
   ends it and all below, and no more. */
static inline bool rt_timer_calls(const struct rt_timer *t)
{
    return t->kind == RT_TIMER_CALL && !t->obj;
}

/* Names the done channel as the context. Between rt_enter and rt_leave. */
void rt_context_named(struct go_context *ctx, const char *name);

/*
 * The context that address points to or into; NULL: none, or one given back
 * long enough ago. Not the background, which is in no slot. Any thread, at
 * any time.
 */
struct go_context *rt_context_at(const void *address);
/* Where only contexts lie; empty: nowhere yet. */
void rt_context_map(uintptr_t *low, uintptr_t *high);
/* How many slots there are, and which is ctx's: 0, 1, ... For a look. */
uint32_t rt_context_slots(void);
uint32_t rt_context_number(const struct go_context *ctx);

#endif

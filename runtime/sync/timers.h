/*
 * timers.h - the program's timers from inside: go_after, struct go_timer,
 * struct go_ticker.
 *
 * They lie in slots of their own pool, so one can be given back from the
 * scheduler, where nothing may be freed, and all of them when the run ends.
 */
#ifndef RT_SYNC_TIMERS_H
#define RT_SYNC_TIMERS_H

#include <stdbool.h>
#include <vigil/time.h>

#include "runtime/sched/timer.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/object.h"

enum rt_timers_use {
    RT_TIMERS_FREE,   /* what untouched memory says */
    RT_TIMERS_TIMER,  /* go_timer_new */
    RT_TIMERS_FUNC,   /* go_after_func */
    RT_TIMERS_TICKER, /* go_ticker_new */
    RT_TIMERS_AFTER,  /* go_after: frees itself */
    RT_TIMERS_FREED,  /* until the slot is used anew */
};

struct rt_timers {
    struct rt_timer_head head; /* [init] first: what a go_timer points to */
    uint32_t lock;             /* rank RT_RANK_TIMERS */
    uint8_t use;               /* [atomic] enum rt_timers_use */
    struct rt_timer timer;     /* the armed half */
    struct go_call call;       /* [init] of go_after_func */
    struct rt_timers *next;    /* [pool lock] of the free ones */
};

/* timerpool.c: zeroed but for use; between rt_enter and rt_leave, and in the
   scheduler. NULL: no memory. */
struct rt_timers *rt_timers_take(enum rt_timers_use use);
/* Nobody uses it, its timer is not armed. */
void rt_timers_give(struct rt_timers *t);
/* The one that address points to or into; NULL: none, or given back. Any
   thread, at any time. */
struct rt_timers *rt_timers_at(const void *address);
/* Where only these lie; empty: nowhere yet. */
void rt_timers_map(uintptr_t *low, uintptr_t *high);
/* How many slots there are, and which is t's: 0, 1, ... For a look. */
uint32_t rt_timers_slots(void);
uint32_t rt_timers_number(const struct rt_timers *t);

/*
 * The program frees c, a channel for timers: true if it was that of a go_after,
 * whose timer is then stopped; false if a go_timer or go_ticker owns it, and
 * only go_timer_free or go_ticker_free may. Between rt_enter and rt_leave; no
 * locks held.
 */
bool rt_timers_release(struct go_chan *c);

#endif

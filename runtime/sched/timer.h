/*
 * timer.h - the timer heap: what is to happen when, on the run's clock.
 *
 * One heap for the run, lock rank RT_RANK_TIMER. Due timers are fired by
 * workers that look for work, and by the clock's jump on the virtual clock.
 */
#ifndef RT_SCHED_TIMER_H
#define RT_SCHED_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/sched/g.h"

enum rt_timer_kind {
    RT_TIMER_WAKE, /* rt_ready(g): a sleeper, a deadline */
    RT_TIMER_CHAN, /* sends the instant on a channel, if there is room */
    RT_TIMER_CALL, /* calls: life for whatever it reaches */
};

struct rt_timer {
    int64_t when;   /* [timer lock] instant */
    int64_t period; /* [timer lock] 0: once */
    /* Called without the timer lock, inside the runtime, on a worker without
       a goroutine; must not park. May free t; may arm it. */
    void (*fire)(struct rt_timer *t, int64_t now); /* [init] */
    struct g *g;                                   /* [init] of RT_TIMER_WAKE */
    struct go_object *obj;      /* [init] of RT_TIMER_CHAN: its channel */
    void *arg;                  /* [init] fire's own */
    const struct go_site *site; /* [init] where it was made */
    uint32_t place;             /* [timer lock] in the heap, from 1; 0: not */
    uint64_t seq;               /* [timer lock] equal instants: as armed */
    uint8_t kind;               /* [init] enum rt_timer_kind */
    /* Whether to fire would change nothing, as things are; NULL: never. */
    bool (*is_vain)(const struct rt_timer *t); /* [init] */
    /* Of RT_TIMER_CHAN: whether others than daemons wait for it. [world] */
    bool (*is_awaited)(const struct rt_timer *t); /* [init] */
};

/*
 * Arms t for when (an armed one is moved); wakes the poller if it must. Later
 * than RT_TIMER_LAST is RT_TIMER_LAST. A t that was never armed is zeroed but
 * for its [init] fields.
 */
#define RT_TIMER_LAST (INT64_MAX - 1)
void rt_timer_arm(struct rt_timer *t, int64_t when, int64_t period);
/*
 * Whether it was armed. After it, fire is not called and is not running, so t
 * may go: it waits for a fire that is under way on another worker. So hold no
 * lock that fire takes. (From within its own fire it does not wait.)
 */
bool rt_timer_disarm(struct rt_timer *t);
/*
 * The same without the wait, under any lock of a lower rank: fire is not
 * called any more, but may still be running; t must not go yet.
 */
bool rt_timer_unarm(struct rt_timer *t);
/* The earliest instant; INT64_MAX: none is armed. Any thread, no lock. */
int64_t rt_timer_next(void);
/*
 * The same of those whose fire would change something: time alone brings
 * nothing before. Only while nobody else arms, disarms or fires.
 */
int64_t rt_timer_next_useful(void);
/*
 * Fires what is due at now, by instant, then as armed; how many. One worker at
 * a time fires: 0 while another does.
 */
int rt_timer_run(int64_t now);
/* The same, but no more than so many: the others stay due. */
int rt_timer_run_some(int64_t now, int most);
/* The heap as an array, for a look: only while the world is stopped. */
struct rt_timer *const *rt_timer_all(uint32_t *n);
/* How many; [world], or by the one thread of a controlled run. */
extern uint32_t rt_timers_armed RT_HIDDEN;
/* Whether one was armed since all were forgotten. */
bool rt_timer_used(void);
/* Forgets all; at the end of a run, with the memory for it. */
void rt_timer_clear(void);
void rt_timer_reset(void);

/* The run's clock: since its start, or virtual. */
int64_t rt_now(void);

#endif

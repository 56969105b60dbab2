/*
 * control.h - points: where a controlled run is asked what happens next.
 *
 * An operation that others could observe, or that could have to wait, calls
 * rt_point first, inside rt_enter and before it takes a lock. In a plain run
 * that is one branch. In a controlled one the goroutine stands there until its
 * step is taken; then it does what it announced, by the same code as ever.
 *
 * Whether it can be done now a word says, where that is enough: its guard. Else
 * offer does, which calls rt_offer once for each way.
 *
 * A rendezvous is done by its two as ever: the one parks, then the other comes
 * and finds it. So whoever is to be met is first let go on, alone, and parks;
 * for a select that means which is RT_POINT_PARK.
 */
#ifndef RT_SCHED_CONTROL_H
#define RT_SCHED_CONTROL_H

#include <vigil/control.h>

#include "runtime/base/cpu.h"
#include "runtime/sched/g.h"
#include "runtime/sched/sched.h"

enum {
    RT_POINT_ANY = -1,  /* as it comes */
    RT_POINT_PARK = -2, /* a select: queue, whatever looks ready; -2 - i: with
                           case i first */
    RT_POINT_TIME = INT32_MIN, /* by no choice (elsewhere.h) */
};

/*
 * A word that is 0 while an operation can be done. Of an owner's it is the low
 * half, which is 0 of nobody: no goroutine begins where a page does.
 */
typedef uint32_t __attribute__((may_alias)) rt_guard;
extern const rt_guard rt_always RT_HIDDEN;

struct rt_point {
    struct go_point at;
    struct g *g;
    const rt_guard *guard;                   /* filled in by who stands there */
    void (*offer)(const struct rt_point *p); /* NULL: one way, by the guard */
    int64_t units;                           /* of a semaphore */
    int32_t which; /* the answer: a select's case, RT_POINT_ANY, ... */
    /* Whether it would have to park if it went on alone; channels only. */
    bool (*would_park)(const struct rt_point *p);
    bool arrived; /* has waited while the clock went on: a try that could
                        meet it does */
};

/* What the driver says: go_control_livelock. */
struct rt_livelock {
    const char *how; /* NULL: nobody does */
    uint64_t deeds;
    uint32_t n;
    uint64_t goroutines[GO_LIVELOCK_MAX];
};

extern bool rt_controlled RT_HIDDEN; /* [world stopped] */
/* Likewise: unlocks, or counting down, are noted, or steps. */
extern bool rt_releases_seen RT_HIDDEN;
/*
 * A solo run that is not controlled: there are no locks to be taken, and
 * nobody is told of what is done. The fast paths ask for no more than this.
 */
extern bool rt_quick RT_HIDDEN; /* [world stopped] */
/* Likewise, for releases: controlled, but nobody sees any. */
extern bool rt_quick_release RT_HIDDEN;
void rt_quick_see(void); /* after a change of what it depends on */

static inline bool rt_is_controlled(const struct g *g)
{
    return rt_unlikely(rt_load(rt_controlled)) && g->status != RT_G_FOREIGN;
}

/* That is a step from now on. */
void rt_point_more(enum go_more what);

/* Stands at p until its step is taken; p->which is the answer. */
void rt_point_wait(struct g *g, struct rt_point *p);

/* The same for an operation on obj with no more to say but its guard. */
void rt_point_slow(struct g *g, enum go_op op, const void *obj,
                   const rt_guard *guard, const struct go_site *site);
static inline void rt_point(struct g *g, enum go_op op, const void *obj,
                            const struct go_site *site)
{
    if (rt_is_controlled(g))
        rt_point_slow(g, op, obj, &rt_always, site);
}
/* It can be done while *owner is 0. */
static inline void rt_point_owned(struct g *g, enum go_op op, const void *obj,
                                  const uintptr_t *owner,
                                  const struct go_site *site)
{
    if (rt_is_controlled(g))
        rt_point_slow(g, op, obj, (const rt_guard *)owner, site);
}
/* A try: from the first one on releases are steps. */
static inline void rt_point_try(struct g *g, enum go_op op, const void *obj,
                                const struct go_site *site)
{
    if (!rt_is_controlled(g))
        return;
    rt_point_more(GO_MORE_RELEASES);
    rt_point_slow(g, op, obj, &rt_always, site);
}

/* From within offer: p can be done, in this way; waking that task, or
   GO_NOWHERE. */
void rt_offer(const struct rt_point *p, int32_t which, uint32_t wakes);
/* Or meeting q, one of the two being parkable. */
void rt_offer_meet(const struct rt_point *p, int32_t which,
                   const struct rt_point *q, int32_t q_which);
/* Everybody who stands somewhere, by task; from within offer. *i: 0 at first,
   then where to go on; NULL: no more. */
const struct rt_point *rt_point_next(uint32_t *i);

/* Who stands before what lies there, after a fault; NULL: nobody does. */
const struct rt_point *rt_point_at(uintptr_t address);

/* Not all that can be done can be offered: the execution is cut off. */
void rt_point_give_up(void);
/* Changes with every choice. */
uint64_t rt_point_moment(void);
/* The clock has gone on: there may be some who have arrived. */
bool rt_point_any_arrived(void);

/* Tells the driver of what is done without a step. */
void rt_note_slow(enum go_note note, const struct g *g, const void *obj);
static inline void rt_note(enum go_note note, const struct g *g,
                           const void *obj)
{
    if (rt_is_controlled(g))
        rt_note_slow(note, g, obj);
}
static inline void rt_note_release(const struct g *g, const void *obj)
{
    rt_note(GO_NOTE_RELEASE, g, obj);
}
/* Who runs, if anybody does, lets other go on. */
void rt_note_wake_slow(const struct g *other);
static inline void rt_note_wake(const struct g *other)
{
    if (rt_unlikely(rt_load(rt_controlled)))
        rt_note_wake_slow(other);
}
/* Whether one of these is a step by now. */
bool rt_point_has_more(uint32_t what);
static inline void rt_point_release(struct g *g, enum go_op op, const void *obj,
                                    const struct go_site *site)
{
    if (rt_is_controlled(g) && rt_point_has_more(GO_MORE_RELEASES))
        rt_point_slow(g, op, obj, &rt_always, site);
}

/* The driver is told of a descriptor that was made for the program. */
void rt_control_opened(int fd);

/* Whether choices are made when nobody is on its stack (go_control_still). */
bool rt_point_is_still(void);

/* A yield; time goes on by it for who has asked for the time. */
void rt_control_yield(struct g *g, const struct go_site *site);
/* A number below n, decided by the driver. */
uint32_t rt_control_number(const struct g *g, uint32_t n);

/* ---- the scheduler's side ---- */

void rt_control_begin(const struct rt_config *config,
                      const struct go_call *call, const struct go_site *site);
void rt_control_end(void);
/* The next to run: runnable, or whose step is taken; NULL: see idle. */
struct g *rt_control_pick(struct p *p);
/* One execution follows another: nothing of it is judged here. */
bool rt_control_loops(void);
/* The last execution is over: so is the run. */
bool rt_control_done(void);
/* An execution goes on: its timers fire when it is the clock's turn, whoever
   may pass by before (C3), and go_check is a step like any other. */
bool rt_control_executes(void);
/* A timer was armed: time may be a choice from now on. */
void rt_control_timed(void);
/* A worker found nothing: true, look again. */
bool rt_control_idle(struct m *m);
/* The stack of the task that by spawns (NULL: the clock or the boot does), with
   g->task; NULL: no memory. GO_NOWHERE: too many tasks; the stack is any, and
   the execution is cut off, or the run goes on without control. */
struct g *rt_control_stack(struct p *p, struct g *by);
void rt_control_spawned(struct g *by, struct g *g);
/* g ends; true: there may be a report that asks how. Later: it has left its
   stack, which is kept for its task. */
bool rt_control_exit(const struct g *g);
void rt_control_finish(struct g *g);
/* Main is over, and what others are doing is cut off; true: taken care of. */
bool rt_control_cut(void);
/* The same of a panic; true: to switch away from for good. */
bool rt_control_panic(struct g *g, const char *message);
/*
 * An execution that goes on and on is looked at (looks.c). Whether it is now;
 * then with the world at rest: true, the run ends here, by what is proven.
 */
bool rt_control_looks(void);
bool rt_control_look(void);
/* Likewise proven, but not of main, which goes on. */
bool rt_control_leaks(void);
/* Nothing is, but nothing comes from outside, and the driver waits no longer. */
bool rt_control_silent(void);
/* It is to end as it is, though something outside is waited for. */
bool rt_control_ends(void);
/* With the world at rest: it may have been so for long, for nothing comes from
   outside, and then it is looked at. */
void rt_control_silence(void);
/* What is left had its time behind main's return. True: that is the end of an
   execution, and another may follow. */
bool rt_control_settles(void);
/* With the world at rest: an execution ends, but somebody is in a call, and may
   come back soon enough for another to follow. */
bool rt_control_lingers(void);
/* The run ends here: the last look is told who has no step (rt_point_blocked). */
void rt_control_rests(void);
/* The world is stopped from outside, to be shown as it is; then it goes on. */
void rt_control_shown(bool shown);
/* While a look is taken, or when one has ended the run: where g stands, if what
   it announced there can not be done now, and only goroutines can change that.
   NULL: it can, or g stands nowhere. */
const struct rt_point *rt_point_blocked(const struct g *g);
/* Who goes round for ever, and how, when the driver has said so. */
const struct rt_livelock *rt_control_livelock(void);

#endif

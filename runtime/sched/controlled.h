/*
 * controlled.h - the state of a controlled run, of which there is one.
 */
#ifndef RT_SCHED_CONTROLLED_H
#define RT_SCHED_CONTROLLED_H

#include "runtime/sched/control.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/state.h"
#include "runtime/sched/task.h"

enum {
    RT_CTL_STEPS = 1 << 16, /* at one moment, besides one of each task */
    RT_CTL_BITS = 64,
};

/*
 * Whom somebody spawns. The numbers that were once asked for (task.h) are found
 * one from the other: the first one's here, each further one's with the task
 * before it; 0: it was not yet asked for.
 */
struct rt_ctl_children {
    uint32_t n;     /* so far, in this execution */
    uint32_t first; /* number */
    uint32_t last;  /* likewise: of who came last; if any has */
};

/* A task's part in this execution. */
struct rt_ctl_task {
    struct g *g;           /* its stack, whether or not it lives: C2 */
    struct rt_point plain; /* for operations with no more to say */
    struct rt_ctl_children children;
    uint32_t sibling; /* the number of who is spawned next, after it */
    bool lives;
    const rt_guard *guard; /* where it stands, while the memory of that is away:
                              away.c */
};

/* When an execution that goes on is looked at: looks.c. */
struct rt_ctl_looks {
    uint64_t steps;      /* the next moment; never beyond the bound */
    uint32_t advances;   /* the same */
    bool last;           /* this look is: the execution ends here */
    bool judged;         /* able[] is of this moment */
    bool leak;           /* proven is that others than main are stuck */
    bool stuck;          /* proven is that somebody is */
    bool waits;          /* main does, and has for long: L6 */
    bool daemons;        /* main has returned, and only these are alive; */
    bool enough;         /* and have been for long: L7 */
    bool asked;          /* the driver was: L8 */
    bool at_end;         /* this look is for it */
    bool rested;         /* the execution has come to a rest, L5 */
    bool at_rest;        /* this look is of it, or L9, L10; */
    bool beside;         /* of L9, and has to be earned; */
    bool silent;         /* of L10 */
    uint64_t ran;        /* rt_switches() at the look before, L9 */
    uint64_t main_since; /* main has not moved since then: of now() */
    uint64_t before;     /* steps of the executions before this one */
    uint64_t vain;       /* looks that have shown nothing, in all of them */
    uint64_t able[RT_TASKS_MAX / RT_CTL_BITS]; /* bit set: has a step */
};

/* After main's return, for who never comes to rest: grace.c. */
struct rt_ctl_grace {
    bool on;       /* nobody is asked: they take turns */
    bool for_good; /* until the execution is over */
    uint32_t steps;
    uint32_t next; /* task */
};

/* The number that will be drawn next, if nobody else draws: draw.h. */
struct rt_ctl_ahead {
    uint64_t from, to; /* the state before it, and after it */
    uint64_t number;
};

/*
 * How far choices are drawn where they are made (draw.h): one word says all that
 * has to be asked before each. They are counted later, and mostly many at once.
 */
struct rt_ctl_draws {
    struct go_draw *by; /* of this execution; never NULL while it goes on */
    const uint32_t *n;  /* its n, for handlers; NULL: nothing goes on */
    uint32_t until; /* so many choices are noted: then that is asked again */
    uint32_t from;  /* so many were, when they were counted last */
    uint32_t last;  /* and, since then, up to the last step that no loop that
                           waits is made of; or from */
    bool closely;   /* the driver is asked next: they know not enough. Then
                           until is 0 */
    struct rt_ctl_ahead ahead;
};

/* Who could go on at the last choice that was drawn, of those that stood
   somewhere, by task, and who could not: draw.h. */
struct rt_ctl_list {
    bool stale; /* they are not the same, or stand elsewhere */
    uint64_t nable, nshut;
    struct rt_point *able[RT_CTL_BITS], *shut[RT_CTL_BITS];
};

/* Nobody can go on but for what comes from outside: silence.c. */
struct rt_ctl_silence {
    uint64_t ran;  /* rt_switches() when that began, */
    int64_t since; /* real ns */
    bool begun;    /* nor will time change it: the driver was asked; */
    bool over;     /* and for how long that was has been enough */
};

/* Of who tries again by time: elsewhere.c, O2. */
struct rt_ctl_naps {
    uint64_t n, ran; /* how many; rt_switches() behind the last one, */
    int64_t at;      /* and real ns */
    int64_t ns;      /* of all of them */
};

struct rt_ctl {
    const struct go_control *by;
    struct rt_ctl_draws draws;
    go_note_fn *note;     /* by's; NULL: not now */
    struct rt_spawn main; /* how each execution begins */
    uintptr_t arg[GO_CALL_MAX];

    struct rt_ctl_task tasks[RT_TASKS_MAX];
    struct rt_point *at[RT_TASKS_MAX];             /* NULL: it stands nowhere */
    uint64_t standing[RT_TASKS_MAX / RT_CTL_BITS]; /* bit set: at[] is */
    uint32_t words;                /* of standing that are in use */
    const struct rt_point *gone;   /* who goes on, and has its place there yet:
                                    C6; NULL: nobody has. Not to be read, */
    uint32_t gone_task;            /* but whose it was */
    struct rt_ctl_children timers; /* what they start */

    struct go_step steps[RT_CTL_STEPS + RT_TASKS_MAX];
    uint32_t n;
    /* C6: what steps[0..n) was made from, if that is all there is to it */
    struct rt_point *line[RT_CTL_BITS]; /* who stands somewhere, by task, */
    uint32_t nline;
    uint64_t open; /* and whose guard was 0, the last one's in bit 0 */
    bool afresh;   /* it is not: steps have to be made anew */
    bool away;     /* some memory was, before which somebody stands: away.c */
    struct rt_ctl_list list;
    struct rt_point *then; /* the other one of a rendezvous */

    bool loops; /* executions follow each other */
    union {     /* why the next step is not taken where the last one ended */
        struct {
            bool over;   /* the execution is */
            bool bound;  /* it was given up */
            bool cut;    /* by main's return, or a panic */
            bool hurry;  /* the clock goes on although more can be done */
            bool still;  /* choices are made on no goroutine's stack */
            bool due;    /* the clock goes on, for all only spin: C5 */
            bool look;   /* it is looked at first: looks.c */
            bool proven; /* and that has shown how it ends */
        };
        uint64_t stops; /* 0: none of that */
    };
    uint32_t more;    /* what else is a step, enum go_more */
    unsigned unasked; /* what went on so, enum go_unasked */
    uint32_t spins;   /* steps in a row: C5; but for those not counted yet */
    uint32_t early;   /* how often yet */
    bool settles; /* main has returned, and something outside is waited for; */
    bool settled; /* and has been for long: it ends */
    struct rt_ctl_silence silence;
    bool alone; /* no thread of the program's was there at the last rest */
    uint32_t advances;
    struct rt_ctl_naps naps;
    struct rt_ctl_looks looks;
    struct rt_ctl_grace grace;
    struct g *panicked;
    const char *message;
    struct rt_livelock livelock;
    const struct g *watched; /* whose step is to be stopped at; NULL: none */
    uint64_t taken;          /* steps; but for those not counted yet */
    uint64_t moment;         /* of offers; never the same twice */
    uint64_t execution;      /* likewise */
};
extern struct rt_ctl rt_ctl RT_HIDDEN;

/* Whether that is a step (enum go_more). */
static inline bool rt_ctl_has_more(uint32_t what)
{
    return rt_unlikely(rt_ctl.more & what);
}

/* 0: nobody is runnable. */
static inline uintptr_t rt_ctl_anybody(const struct p *p)
{
    return (uintptr_t)rt_load(p->next) | rt_runq_len(&p->q) |
           rt_runq_len(&p->fresh) | rt_runq_len(&rt_s.global);
}

/* At p from here on; NULL: nowhere. */
static inline void rt_ctl_stand(uint32_t task, struct rt_point *p)
{
    rt_ctl.at[task] = p;
    rt_ctl.afresh = true;
    rt_ctl.list.stale = true;
    if (p)
        rt_ctl.standing[task / RT_CTL_BITS] |= 1ull << (task % RT_CTL_BITS);
    else
        rt_ctl.standing[task / RT_CTL_BITS] &= ~(1ull << (task % RT_CTL_BITS));
}

/* Who has gone on stands nowhere: before anybody looks at who does. */
static inline void rt_ctl_settle(void)
{
    if (rt_ctl.gone)
        rt_ctl_stand(rt_ctl.gone_task, NULL);
    rt_ctl.gone = NULL;
}

/* p's goroutine goes on, all being settled. */
static inline struct g *rt_ctl_goes(struct rt_point *p)
{
    rt_assert(!rt_ctl.gone, "two go on at a time");
    rt_ctl.gone = p;
    rt_ctl.gone_task = p->at.task;
    p->at.object = NULL;
    return p->g;
}

/* p goes on, and does what it announced. Its object is forgotten: what a look
   finds is held. */
static inline struct g *rt_ctl_go_on(struct rt_point *p, int32_t which)
{
    rt_ctl_settle();
    p->which = which;
    return rt_ctl_goes(p);
}

/* From here on no choice is drawn until the driver was asked. */
static inline void rt_ctl_closely(void)
{
    rt_store(rt_ctl.draws.closely, true);
    rt_store(rt_ctl.draws.until, 0);
}

/* Whether anybody lives but daemons. */
bool rt_ctl_is_left(void);
/* Whether it may matter what comes from outside. */
bool rt_ctl_waits_outside(void);
/* The execution ends, whatever may come yet. */
bool rt_ctl_is_ending(void);
/* The instant that time can go on to; INT64_MAX: none. */
int64_t rt_ctl_next(void);
/* Whether somebody may have been held up until then: it is no later than so. */
bool rt_ctl_is_near(int64_t instant);
/* Of who has an offer: it is to be asked. */
extern const rt_guard rt_ask;
/* What was on offer is so again, as far as that shows at once. */
bool rt_ctl_offered(void);
/* Of all who stand somewhere, by task: all being settled. */
void rt_ctl_offer_anew(void);
/* The same at any time, and nobody is asked: to see who has one. */
void rt_ctl_offer(void);
/* An execution begins; and ends. */
void rt_ctl_looks_begin(void);
void rt_ctl_looks_end(bool looked);
/* A look, or grace, ended the execution. */
bool rt_ctl_looked(void);
void rt_ctl_grace_reset(void);
/* False: main has not returned, nobody is left, or their time is over. */
bool rt_ctl_grace_begin(bool for_good);
void rt_ctl_grace_progress(void); /* one did more than look */
/* Which of the steps on offer is taken; GO_NOWHERE: time is up. */
uint32_t rt_ctl_grace_step(void);
/* Before the clock goes on: whether it is to be looked at. */
bool rt_ctl_looks_due(void);
/* Whether one is to be taken of the first rest beside threads. */
bool rt_ctl_looks_at_rest(void);
/* Asks for one of a rest beside what comes from outside, which has lasted for so
   many real ns, where it is worth it; and for the last one of an execution that is
   cut off there. */
void rt_ctl_looks_beside(int64_t ns);
void rt_ctl_looks_in_silence(void);
/* Whether one is to be taken of who is left, where it is over. */
bool rt_ctl_looks_at_end(const struct go_execution *e);
/* Before steps are offered: whether memory that was away is there again. */
void rt_ctl_see_away(void);
/* Without control from here on: all go on by the ordinary rules. */
void rt_ctl_let_go(void);
/* Notes anew what the fast path of unlocks asks. */
void rt_ctl_see_releases(void);
/* Who is told of what is done up to the next choice. */
static inline go_note_fn *rt_ctl_told(void)
{
    const struct go_draw *d = rt_ctl.draws.by;

    return *d->n < d->nknown ? NULL : rt_ctl.by->note;
}
void rt_ctl_tell(go_note_fn *note);
/* After each answer. */
static inline void rt_ctl_answered(void)
{
    go_note_fn *note = rt_ctl_told();

    if (rt_unlikely(note != rt_ctl.note))
        rt_ctl_tell(note);
}

#endif

/*
 * model.c - every state that a program can come to by Go's rules.
 *
 * Method: depth first. From a state any task that can run may take its next
 * step; a step with a choice in it is taken once for each. When nobody can
 * run, time goes on to the earliest timer. A state that was seen already is
 * left: what follows it is known. Only its hash of 128 bits is kept.
 *
 * Timers that are due at one instant fire before anybody runs, as they do in
 * a controlled run; in any order.
 */
#include "tests/oracle/model.h"

#include <stdlib.h>

#include "tests/oracle/state.h"

enum {
    DEPTH = 256, /* steps of an execution */
    FEW = 256,   /* states that there is room for at first */
};

struct seen {
    uint64_t a, b; /* a 0: free */
};

static struct {
    const struct program *p;
    struct outcomes *to;
    struct seen *seen;
    uint64_t room, n, most;
    bool over; /* more than most */
} run;

uint64_t model_states(void)
{
    return run.n;
}

/* ---- what was seen -------------------------------------------------------*/

static struct seen hash_of(const struct state *s)
{
    const unsigned char *b = (const unsigned char *)s;
    struct seen h = {0x9ae16a3b2f90404full, 0xc949d7c7509e6557ull};

    for (size_t i = 0; i < sizeof(*s); i += 8) {
        uint64_t v = 0;

        memcpy(&v, b + i, sizeof(*s) - i < 8 ? sizeof(*s) - i : 8);
        h.a = (h.a ^ v) * 0x9fb21c651e98df25ull;
        h.a ^= h.a >> 32;
        h.b = (h.b + v) * 0xd6e8feb86659fd93ull;
        h.b ^= h.b >> 31;
    }
    h.a |= 1;
    return h;
}

static bool insert(struct seen h)
{
    uint64_t i = h.b & (run.room - 1);

    while (run.seen[i].a) {
        if (run.seen[i].a == h.a && run.seen[i].b == h.b)
            return false;
        i = (i + 1) & (run.room - 1);
    }
    run.seen[i] = h;
    return true;
}

static void set_room(uint64_t room)
{
    run.seen = calloc(room, sizeof(*run.seen));
    if (!run.seen) {
        perror("oracle: memory");
        abort();
    }
    run.room = room;
}

static void grow(void)
{
    struct seen *old = run.seen;
    uint64_t room = run.room;

    set_room(2 * room);
    for (uint64_t i = 0; i < room; i++)
        if (old[i].a)
            insert(old[i]);
    free(old);
}

/* Whether it is new; then it is seen. */
static bool see(const struct state *s)
{
    if (run.over || !insert(hash_of(s)))
        return false;
    run.over = ++run.n >= run.most;
    if (2 * run.n > run.room)
        grow();
    return true;
}

/* ---- ends ----------------------------------------------------------------*/

static enum go_end end_of(const struct state *s)
{
    enum go_end end = GO_END_CLEAN;

    if (s->fault)
        return GO_END_PANIC;
    for (unsigned t = 0; t < run.p->ntask; t++)
        if (s->task[t].status != OVER && s->task[t].status != UNSTARTED)
            end = GO_END_LEFT;
    return s->task[0].status != OVER ? GO_END_STUCK : end;
}

static void note_outcome(const struct state *s)
{
    struct outcome o;

    memset(&o, 0, sizeof(o));
    o.end = (uint8_t)end_of(s);
    o.fault = s->fault;
    o.who = s->fault ? s->who : NOBODY;
    for (unsigned t = 0; t < run.p->ntask; t++) {
        o.at[t] = s->task[t].status == UNSTARTED ? UNBORN : s->task[t].at;
        o.nlog[t] = s->task[t].nlog;
        memcpy(o.log[t], s->task[t].log, LOG);
    }
    o.count = s->count;
    o.units = s->units;
    memcpy(o.value, s->value, sizeof(o.value));
    if (o.fault)
        outcome_cut(&o);
    outcomes_add(run.to, &o);
}

/* ---- steps ---------------------------------------------------------------*/

/* When the next timer expires; NEVER: none is armed. */
static unsigned next_time(const struct state *s)
{
    unsigned when = NEVER;

    for (unsigned i = 0; i < TIMERS; i++)
        if (s->timer[i].when < when)
            when = s->timer[i].when;
    return when;
}

static void fire(struct step *x, unsigned i)
{
    x->s->timer[i] = (struct mtimer){NEVER};
    if (i == TIMER_OWN)
        step_post(x, PLACE_TIMER, x->s->now);
    else if (i >= TIMER_WITHIN)
        step_cancel(x, i - TIMER_WITHIN, 2);
    else if (i >= TIMER_START)
        step_start(x, i - TIMER_START);
    else
        x->s->task[i - TIMER_SLEEP].status = RUNS;
}

/* Time goes on; all that is due, from any one on. */
static void advance(struct step *x)
{
    unsigned first, due[TIMERS], n = 0, when = next_time(x->s);

    for (unsigned i = 0; i < TIMERS; i++)
        if (x->s->timer[i].when == when)
            due[n++] = i;
    x->s->now = (uint8_t)when;
    first = step_pick(x, n);
    for (unsigned i = 0; i < n; i++)
        if (x->s->timer[due[(first + i) % n]].when == when)
            fire(x, due[(first + i) % n]);
}

/* A member that has ended leaves its group. */
static void leave(struct step *x, unsigned t)
{
    step_count(x, t, -1);
    x->s->task[t].status = OVER;
}

static step_fn *does(unsigned verb)
{
    return step_does[verb] ? step_does[verb] : step_time_does[verb];
}

static void take(struct step *x, unsigned t)
{
    if (t == TASKS)
        advance(x);
    else if (x->s->task[t].at == x->p->nop[t])
        leave(x, t);
    else
        does(step_op(x, t)->verb)(x, t);
}

/* Whether t may take a step; t TASKS: the clock, when nobody else can. */
static bool can(const struct state *s, unsigned t)
{
    if (t < TASKS)
        return s->task[t].status == RUNS;
    for (unsigned i = 0; i < TASKS; i++)
        if (s->task[i].status == RUNS)
            return false;
    return next_time(s) != NEVER;
}

static void visit(const struct state *s, unsigned depth)
{
    bool any = false;

    if (run.over)
        return;
    if (depth == DEPTH || s->fault) {
        run.over |= depth == DEPTH;
        note_outcome(s);
        return;
    }
    for (unsigned t = 0; t <= TASKS; t++) {
        struct step x = {.p = run.p, .ways = 1};

        if (!can(s, t))
            continue;
        any = true;
        for (; x.way < x.ways; x.way++) {
            struct state then = *s;

            x.s = &then;
            x.ways = 1;
            take(&x, t);
            if (see(&then))
                visit(&then, depth + 1);
        }
    }
    if (!any)
        note_outcome(s);
}

static void begin(struct step *x)
{
    struct state *s = x->s;
    const struct program *p = x->p;

    memset(s, 0, sizeof(*s));
    for (unsigned i = 0; i < PLACES - 1; i++)
        s->chan[i].open = true;
    s->chan[PLACE_A].cap = p->cap[0];
    s->chan[PLACE_B].cap = p->cap[1];
    s->chan[PLACE_TIMER].cap = 1;
    for (unsigned i = 0; i < MUTEXES; i++)
        s->mutex[i].owner = NOBODY;
    s->rw.writer = s->runner = NOBODY;
    s->count = p->count;
    s->units = p->units;
    for (unsigned i = 0; i < TIMERS; i++)
        s->timer[i].when = NEVER;
    step_arm(x, TIMER_OWN, p->timer);
    if (p->within[0])
        step_arm(x, TIMER_WITHIN, p->within[0]);
    if (p->within[1] && (!p->within[0] || p->within[1] < p->within[0]))
        step_arm(x, TIMER_WITHIN + 1, p->within[1]);
    step_start(x, 0);
}

bool model_run(const struct program *p, struct outcomes *to, uint64_t most)
{
    struct state s;
    struct step x = {.p = p, .s = &s};

    run.p = p;
    run.to = to;
    run.most = most;
    run.n = 0;
    run.over = false;
    set_room(FEW);
    begin(&x);
    see(&s);
    visit(&s, 0);
    free(run.seen);
    return !run.over;
}

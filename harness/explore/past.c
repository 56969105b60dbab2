/*
 * past.c - clocks, and the accesses to each object.
 *
 * In:  steps and notes (vigil/control.h), touches (relation.h). Out: the races
 * that reverse.c reverses.
 *
 * Method: vector clocks. Each object has a chain of its accesses, newest
 * first; a step walks the chains of what it touches, joins the clocks of what
 * it comes after, and notes a race with each access of its own kind of rival
 * that was not in its task's past when the task came to its point (Flanagan
 * and Godefroid, 2005). That the two are ordered by now through others in
 * between says nothing: a lock comes after the unlock, and may have come
 * before the lock.
 *
 * P1  An access covers kinds: all accesses of these before it are past where it
 *     is. A walk ends when nothing is open, of what it asks for, that is not
 *     covered by what was past for its task: so it does not get longer with
 *     the execution where somebody sends and receives for ever.
 * P2  A task that stands at a point has the past that it came with. What comes
 *     later (the clock went on, somebody signalled) can not have kept it from
 *     doing its step earlier, so no race is hidden by that.
 *
 * Why no clock for each access and read/write summary, as race detectors have:
 * all racing accesses are wanted, not the latest.
 */
#include "harness/explore/past.h"

#include <string.h>

#include "harness/explore/dpor.h"
#include "harness/explore/memory.h"
#include "harness/explore/room.h"

/* What can be set: a word of a line's, or time. */
enum what {
    CLOCK,
    OWED,
    DUE,
    WRITES,
    WORDS,
    TIME = -1,
};
_Static_assert(sizeof(struct hn_lived) == WORDS * sizeof(uint32_t), "in order");

struct hn_undo {
    uint32_t at, old;
};

/* ---- memory --------------------------------------------------------------*/

void hn_past_free(struct hn_past *p)
{
    hn_memory_give(p->clocks.all);
    hn_memory_give(p->accesses);
    hn_memory_give(p->lived);
    hn_memory_give(p->undos);
    hn_objects_free(&p->objects);
    hn_memory_give(p->races);
    hn_memory_give(p->touches.all);
}

/* The line's, if need be after room was made for it in all clocks. */
static inline struct hn_lived *lived(struct hn_past *p, uint32_t line)
{
    uint32_t old = p->clocks.width;

    if (line >= old) {
        hn_clocks_widen(&p->clocks, line + 1);
        HN_ROOM(p->lived, p->lived_cap, p->clocks.width);
        memset(p->lived + old, 0, sizeof(*p->lived) * (p->clocks.width - old));
    }
    return &p->lived[line];
}

/* ---- what can be taken back ----------------------------------------------*/

static inline uint32_t *word(struct hn_past *p, uint32_t at)
{
    return at == (uint32_t)TIME ? &p->time : (uint32_t *)(void *)p->lived + at;
}

static inline void set(struct hn_past *p, enum what what, uint32_t line,
                       uint32_t value)
{
    uint32_t at = what == TIME ? (uint32_t)TIME : line * WORDS + (uint32_t)what;
    uint32_t *to = word(p, at);

    if (*to == value)
        return;
    HN_ROOM(p->undos, p->undos_cap, p->nundos + 1);
    p->undos[p->nundos++] = (struct hn_undo){at, *to};
    *to = value;
}

struct hn_mark hn_past_mark(const struct hn_past *p)
{
    return (struct hn_mark){p->clocks.n ? p->clocks.n : 1, p->naccesses,
                            p->nundos};
}

void hn_past_undo(struct hn_past *p, struct hn_mark mark)
{
    while (p->nundos > mark.undos) {
        struct hn_undo u = p->undos[--p->nundos];

        *word(p, u.at) = u.old;
    }
    while (p->naccesses > mark.accesses) {
        struct hn_access *a = &p->accesses[--p->naccesses];

        p->objects.all[a->object].newest = a->before;
    }
    if (p->clocks.n > mark.clocks) /* nor is there a clock before the first */
        p->clocks.n = mark.clocks;
}

/* What early timers are accesses to. */
static const char early;

/* ---- races ---------------------------------------------------------------*/

static void add_race(struct hn_past *p, uint32_t event, uint32_t line)
{
    HN_ROOM(p->races, p->races_cap, p->nraces + 1);
    p->races[p->nraces++] = (struct hn_race){event, line};
}

/* A walk along the accesses of what is touched, newest first. */
struct walk {
    const struct hn_touch *touch;
    uint32_t arrival; /* the clock of who touches, as it came */
    uint32_t clock;   /* of the event: the newest one */
    uint32_t line;    /* for whom races are noted */
};

/* The other half of a buffered channel, if one of it comes before this. */
static uint32_t paired(const struct hn_touch *t)
{
    return t->back ? 1u << (t->kind == HN_SEND ? HN_RECV : HN_SEND) : 0;
}

/* Whether a, of the kind that pair has, is that: the back-th latest. */
static inline bool is_pair(const struct hn_touch *t, uint32_t pair,
                           const struct hn_access *a, uint32_t *seen)
{
    return pair >> a->kind & 1 && ++*seen == t->back;
}

/* Whether a clock has all that one access has: it has the step itself. */
static inline bool is_within(const uint32_t *clock, const struct hn_access *a)
{
    return !a->noted && clock[a->line] >= a->event;
}

/* Which kinds it comes after, if they come before it. */
static inline uint32_t wanted(uint32_t kind)
{
    return hn_races[kind] | hn_follows[kind];
}

/* The kinds of accesses that are noted, not stepped to. */
#define NOTED                                                                  \
    (1u << HN_RELEASE | 1u << HN_RUNLOCK | 1u << HN_UNITS | 1u << HN_ADDED |   \
     1u << HN_GONE)

/* The access that it pairs with, in the clock, too; if it is not past by another
   that covers it: P1. */
static void join_pair(struct hn_past *p, const struct walk *w, uint32_t object)
{
    uint32_t pair = paired(w->touch), seen = 0, i;
    const uint32_t *now = hn_clock(&p->clocks, w->clock);

    for (i = p->objects.all[object].newest; i; i = p->accesses[i - 1].before) {
        const struct hn_access *a = &p->accesses[i - 1];

        if (is_pair(w->touch, pair, a, &seen)) {
            if (!is_within(now, a))
                hn_clocks_join(&p->clocks, w->clock, a->clock);
            return;
        }
        if (a->covers & pair && is_within(now, a))
            return;
    }
}

static void walk(struct hn_past *p, const struct walk *w, uint32_t object)
{
    uint32_t races = hn_races[w->touch->kind], after = wanted(w->touch->kind);
    uint32_t kinds = p->objects.all[object].kinds;
    const uint32_t *now = hn_clock(&p->clocks, w->clock);
    const uint32_t *past =
        hn_dpor_drop & HN_DROP_ARRIVAL ? now : hn_clock(&p->clocks, w->arrival);
    uint32_t open = kinds & after;  /* P1: for who came */
    uint32_t apart = kinds & after; /* and for the clock */
    bool steps = !(races & NOTED & kinds);

    for (uint32_t i = p->objects.all[object].newest; i && open;) {
        const struct hn_access *a = &p->accesses[i - 1];
        bool known = past[a->line] >= a->event;

        if (!known && races >> a->kind & 1) {
            add_race(p, a->event, w->line);
            if (hn_dpor_drop & HN_DROP_EARLIER)
                break;
        }
        if (apart >> a->kind & 1 && !is_within(now, a))
            hn_clocks_join(&p->clocks, w->clock, a->clock);
        if (known || after >> a->kind & 1)
            apart &= ~a->covers;
        if (known)
            open &= ~a->covers;
        i = !apart && steps ? a->step_before : a->before;
    }
    if (w->touch->back)
        join_pair(p, w, object);
}

/* A new access, for who asks to fill in the rest: of which event, its clock,
   and what it covers. */
static inline struct hn_access *add_access(struct hn_past *p, uint32_t object,
                                           uint32_t kind, bool noted)
{
    struct hn_object *o = &p->objects.all[object];
    uint32_t before = o->newest;
    struct hn_access *a;

    HN_ROOM(p->accesses, p->accesses_cap, p->naccesses + 1);
    a = &p->accesses[p->naccesses++];
    a->object = object;
    a->kind = (uint16_t)kind;
    a->noted = noted;
    a->before = before;
    a->step_before = before && p->accesses[before - 1].noted
                         ? p->accesses[before - 1].step_before
                         : before;
    o->newest = p->naccesses;
    o->kinds |= 1u << kind;
    return a;
}

/* ---- steps ---------------------------------------------------------------*/

static void walk_touches(struct hn_past *p, uint32_t clock)
{
    for (uint32_t i = 0; i < p->touches.n; i++) {
        struct hn_touch *t = &p->touches.all[i];
        struct walk w = {t, p->arrival[t->partners], clock,
                         p->line[t->partners]};

        t->number = hn_objects_number(&p->objects, t->object);
        walk(p, &w, t->number);
        t->covers = wanted(t->kind) | ~p->objects.all[t->number].kinds;
    }
}

/* What is past for a task whose step was that event, once it is done. */
static void live_on(struct hn_past *p, uint32_t line, uint32_t clock)
{
    const struct hn_lived *l = &p->lived[line];

    set(p, CLOCK, line, clock);
    if (!(l->owed | l->due | l->writes))
        return; /* as it mostly is */
    set(p, DUE, line, l->owed);
    set(p, OWED, line, 0);
    set(p, WRITES, line, 0);
}

/* The clock that a task came with to where it stands. */
static inline uint32_t arrival(struct hn_past *p, uint32_t line)
{
    uint32_t clock = p->lived[line].clock, due = p->lived[line].due;

    if (!due)
        return clock;
    clock = hn_clocks_joined(&p->clocks, clock, due);
    set(p, CLOCK, line, clock);
    set(p, DUE, line, 0);
    return clock;
}

/*
 * A writer has the lock itself when all who read are gone, for whom its step
 * did not have to wait: when it goes on, at once or woken by the last of them.
 */
static void await_readers(struct hn_past *p, uint32_t line, uint32_t object)
{
    uint32_t clock = p->lived[line].clock;

    for (uint32_t i = p->objects.all[object].newest; i;
         i = p->accesses[i - 1].before)
        if (p->accesses[i - 1].kind == HN_RUNLOCK)
            clock =
                hn_clocks_joined(&p->clocks, clock, p->accesses[i - 1].clock);
    set(p, CLOCK, line, clock);
    set(p, WRITES, line, object + 1);
}

/*
 * Time goes on: after all that was. For those who stand at a point, before
 * what they do next, but not before they came: P2.
 */
static uint32_t time_passes(struct hn_past *p, uint32_t event)
{
    uint32_t clock = hn_clocks_copy(&p->clocks, 0);

    for (uint32_t line = 0; line < p->clocks.width; line++)
        hn_clock(&p->clocks, clock)[line] = event;
    set(p, TIME, 0, clock);
    for (uint32_t line = 1; line < p->clocks.width; line++)
        if (!go_control_point(line - 1))
            set(p, CLOCK, line,
                hn_clocks_joined(&p->clocks, clock, p->lived[line].clock));
    return clock;
}

/* Before it had to, because it was chosen. */
static uint32_t step_clock(struct hn_past *p, uint32_t event)
{
    uint32_t clock = time_passes(p, event);
    struct hn_access *a =
        add_access(p, hn_objects_number(&p->objects, &early), HN_TIME, false);

    a->covers = ~0u;
    a->line = 0;
    a->event = event;
    a->clock = clock;
    p->early = true;
    return clock;
}

/* All that line does now comes after those. */
static __attribute__((noinline)) void walk_early(struct hn_past *p,
                                                 uint32_t line, uint32_t clock)
{
    const struct hn_touch t = {.object = &early, .kind = HN_IN_TIME};
    struct walk w = {&t, p->lived[line].clock, clock, line};

    walk(p, &w, hn_objects_number(&p->objects, &early));
}

/* The clock of what those two do next, as far as their own pasts go. */
static uint32_t meet(struct hn_past *p, uint32_t a, uint32_t b)
{
    uint32_t clock;

    lived(p, a > b ? a : b);
    p->line[0] = a;
    p->line[1] = b;
    p->arrival[0] = arrival(p, a);
    p->arrival[1] = a == b ? p->arrival[0] : arrival(p, b);
    clock = hn_clocks_copy(&p->clocks, p->arrival[0]);
    if (a != b)
        hn_clocks_join(&p->clocks, clock, p->arrival[1]);
    if (p->time)
        hn_clocks_join(&p->clocks, clock, p->time);
    return clock;
}

/* All that it comes after, and its races. */
static void walk_all(struct hn_past *p, uint32_t clock)
{
    walk_touches(p, clock);
    if (!p->early)
        return;
    walk_early(p, p->line[0], clock);
    if (p->line[0] != p->line[1])
        walk_early(p, p->line[1], clock);
}

static void add_accesses(struct hn_past *p, uint32_t event, uint32_t clock)
{
    for (uint32_t i = 0; i < p->touches.n; i++) {
        const struct hn_touch *t = &p->touches.all[i];
        struct hn_access *a = add_access(p, t->number, t->kind, false);

        a->covers = t->covers;
        a->line = p->line[0];
        a->event = event;
        a->clock = clock;
    }
}

uint32_t hn_past_step(struct hn_past *p, const struct go_step *step,
                      uint32_t event)
{
    const struct go_point *point = step->point;
    uint32_t clock, own;

    lived(p, 0);
    if (!point)
        return step_clock(p, event);
    hn_touches_of_step(&p->touches, step);
    own = hn_line(point->task);
    clock = meet(p, own, hn_is_meeting(step) ? hn_line(step->partner) : own);
    walk_all(p, clock);
    for (int i = 0; i < 2; i++)
        hn_clock(&p->clocks, clock)[p->line[i]] = event;
    add_accesses(p, event, clock);
    live_on(p, own, clock);
    if (p->line[1] != own)
        live_on(p, p->line[1], clock);
    if (point->op == GO_OP_WLOCK)
        await_readers(p, own, hn_objects_number(&p->objects, point->object));
    p->notes = p->naccesses;
    return clock;
}

void hn_past_pending(struct hn_past *p, const struct go_point *point)
{
    uint32_t line = hn_line(point->task), clock;

    hn_touches_of_point(&p->touches, point);
    clock = meet(p, line, line);
    walk_all(p, clock);
    p->clocks.n = clock;
    p->notes = p->naccesses;
}

static bool needs_by(struct hn_past *p, const struct hn_touch *t,
                     struct hn_race other, struct hn_race from)
{
    uint32_t after = wanted(t->kind), pair = paired(t), seen = 0, i;

    for (i = p->objects.all[t->number].newest; i;
         i = p->accesses[i - 1].before) {
        const struct hn_access *a = &p->accesses[i - 1];

        if ((is_pair(t, pair, a, &seen) || after >> a->kind & 1) &&
            !hn_clock_has(&p->clocks, a->clock, from.line, from.event) &&
            hn_clock_has(&p->clocks, a->clock, other.line, other.event))
            return true;
    }
    return false;
}

bool hn_past_is_loose(const struct hn_past *p, uint32_t line)
{
    for (uint32_t i = 0; i < p->touches.n; i++)
        if (p->line[p->touches.all[i].partners] == line &&
            p->touches.all[i].loose)
            return true;
    return false;
}

bool hn_past_needs(struct hn_past *p, uint32_t line, struct hn_race other,
                   struct hn_race from)
{
    for (int i = 0; i < 2; i++)
        if (p->line[i] == line &&
            hn_clock_has(&p->clocks, p->arrival[i], other.line, other.event))
            return true;
    for (uint32_t i = 0; i < p->touches.n; i++)
        if (p->line[p->touches.all[i].partners] == line &&
            needs_by(p, &p->touches.all[i], other, from))
            return true;
    for (uint32_t i = p->notes; i < p->naccesses; i++) {
        const struct hn_access *a = &p->accesses[i];
        const struct hn_touch t = {.kind = a->kind, .number = a->object};

        if (needs_by(p, &t, other, from))
            return true;
    }
    return false;
}

/* ---- notes ---------------------------------------------------------------*/

static void wake(struct hn_past *p, uint32_t by, uint32_t other)
{
    uint32_t clock = p->lived[by].clock;
    const struct hn_lived *l = &p->lived[other];

    if (go_control_point(other - 1)) {
        set(p, OWED, other,
            l->owed ? hn_clocks_joined(&p->clocks, l->owed, clock) : clock);
        return;
    }
    set(p, CLOCK, other, hn_clocks_joined(&p->clocks, l->clock, clock));
    if (l->writes)
        await_readers(p, other, l->writes - 1);
}

/* Within its event: after what it comes after, too. */
static __attribute__((noinline)) uint32_t
follow(struct hn_past *p, enum hn_kind kind, uint32_t object, uint32_t by)
{
    const struct hn_touch t = {.kind = (uint16_t)kind};
    uint32_t clock = p->lived[by].clock;
    struct walk w = {&t, clock, hn_clocks_copy(&p->clocks, clock), 0};

    walk(p, &w, object);
    set(p, CLOCK, by, w.clock);
    return w.clock;
}

static uint32_t touch(struct hn_past *p, enum hn_kind kind, uint32_t object,
                      uint32_t by, uint32_t line, uint32_t event)
{
    uint32_t joins = 0;
    struct hn_access *a;

    if (wanted(kind) & p->objects.all[object].kinds)
        joins = follow(p, kind, object, by);
    a = add_access(p, object, kind, true);
    a->covers = 0;
    a->line = line;
    a->event = event;
    a->clock = p->lived[by].clock;
    return joins;
}

uint32_t hn_past_note(struct hn_past *p, enum go_note note, uint32_t task,
                      const void *object, uint32_t other, uint32_t line,
                      uint32_t event)
{
    enum hn_kind kind = hn_kind_of_note(note, object);

    lived(p, hn_line(task));
    if (kind != HN_KINDS)
        return touch(p, kind, hn_objects_number(&p->objects, object),
                     hn_line(task), line, event);
    if (note == GO_NOTE_SPAWN || note == GO_NOTE_WAKE)
        lived(p, hn_line(other));
    if (note == GO_NOTE_SPAWN)
        set(p, CLOCK, hn_line(other), p->lived[hn_line(task)].clock);
    else if (note == GO_NOTE_WAKE)
        wake(p, hn_line(task), hn_line(other));
    else if (note == GO_NOTE_CLOCK)
        time_passes(p, event);
    return 0;
}

/*
 * past.c - clocks: what is past for whom.
 *
 * In:  what was done (deeds.h), when its turn comes (settle.c). Out: the races
 * that reverse.c reverses.
 *
 * Method: vector clocks. A step walks the chains of accesses to what it touches
 * (chain.c), for its races and for what it comes after, and adds its own.
 *
 * P1  A task that stands at a point has the past that it came with. What comes
 *     later (the clock went on, somebody signalled) can not have kept it from
 *     doing its step earlier, so no race is hidden by that.
 */
#include "harness/explore/past.h"

#include <string.h>

#include "harness/explore/chain.h"
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
    hn_deeds_free(&p->deeds);
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

/* ---- steps ---------------------------------------------------------------*/

/* Of the step. */
static inline struct hn_touch *touches(const struct hn_past *p)
{
    return p->deeds.touches.all + p->touch;
}

static void walk_touches(struct hn_past *p, uint32_t clock)
{
    for (uint32_t i = 0; i < p->ntouches; i++) {
        struct hn_touch *t = &touches(p)[i];
        struct hn_chain_walk w = {t, p->arrival[t->partners], clock,
                                  p->line[t->partners]};

        t->number = hn_objects_number(&p->objects, t->object);
        hn_chain_walk(p, &w, t->number);
        t->covers = hn_wanted(t->kind) | ~p->objects.all[t->number].kinds;
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
 * what they do next, but not before they came: P1.
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
        hn_chain_add(p, hn_objects_number(&p->objects, &early), HN_TIME, false);

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
    struct hn_chain_walk w = {&t, p->lived[line].clock, clock, line};

    hn_chain_walk(p, &w, hn_objects_number(&p->objects, &early));
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
    for (uint32_t i = 0; i < p->ntouches; i++) {
        const struct hn_touch *t = &touches(p)[i];
        struct hn_access *a = hn_chain_add(p, t->number, t->kind, false);

        a->covers = t->covers;
        a->line = p->line[0];
        a->event = event;
        a->clock = clock;
    }
}

/* It has the writer's slot. */
static bool is_writer(const struct hn_past *p)
{
    return p->ntouches == 1 && touches(p)->kind == HN_WLOCK;
}

uint32_t hn_past_step(struct hn_past *p, const struct hn_deed *step)
{
    uint32_t clock;

    lived(p, 0);
    if (step->kind == HN_DEED_EARLY)
        return step_clock(p, step->event);
    p->touch = step->touch;
    p->ntouches = step->ntouches;
    clock = meet(p, step->line, step->other);
    walk_all(p, clock);
    for (int i = 0; i < 2; i++)
        hn_clock(&p->clocks, clock)[p->line[i]] = step->event;
    add_accesses(p, step->event, clock);
    live_on(p, step->line, clock);
    if (step->other != step->line)
        live_on(p, step->other, clock);
    if (is_writer(p))
        await_readers(p, step->line, touches(p)->number);
    p->notes = p->naccesses;
    return clock;
}

/* What it would touch is not kept. */
void hn_past_pending(struct hn_past *p, const struct go_point *point)
{
    uint32_t line = hn_line(point->task), clock;
    struct hn_touches *t = &p->deeds.touches;

    p->touch = t->n;
    hn_touches_of_point(t, point);
    p->ntouches = t->n - p->touch;
    t->n = p->touch;
    clock = meet(p, line, line);
    walk_all(p, clock);
    p->clocks.n = clock;
    p->notes = p->naccesses;
}

bool hn_past_is_loose(const struct hn_past *p, uint32_t line)
{
    for (uint32_t i = 0; i < p->ntouches; i++)
        if (p->line[touches(p)[i].partners] == line && touches(p)[i].loose)
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
    for (uint32_t i = 0; i < p->ntouches; i++)
        if (p->line[touches(p)[i].partners] == line &&
            hn_chain_needs(p, &touches(p)[i], other, from))
            return true;
    for (uint32_t i = p->notes; i < p->naccesses; i++) {
        const struct hn_access *a = &p->accesses[i];
        const struct hn_touch t = {.kind = a->kind, .number = a->object};

        if (hn_chain_needs(p, &t, other, from))
            return true;
    }
    return false;
}

/* ---- notes ---------------------------------------------------------------*/

/* Behind what it stands at. */
static void owe(struct hn_past *p, uint32_t by, uint32_t other)
{
    uint32_t clock = p->lived[by].clock, owed = p->lived[other].owed;

    set(p, OWED, other,
        owed ? hn_clocks_joined(&p->clocks, owed, clock) : clock);
}

static void wake(struct hn_past *p, uint32_t by, uint32_t other)
{
    const struct hn_lived *l = &p->lived[other];

    set(p, CLOCK, other,
        hn_clocks_joined(&p->clocks, l->clock, p->lived[by].clock));
    if (l->writes)
        await_readers(p, other, l->writes - 1);
}

/* Within its event: after what it comes after, too. */
static __attribute__((noinline)) uint32_t
follow(struct hn_past *p, enum hn_kind kind, uint32_t object, uint32_t by)
{
    const struct hn_touch t = {.kind = (uint16_t)kind};
    uint32_t clock = p->lived[by].clock;
    struct hn_chain_walk w = {&t, clock, clock, 0};

    hn_chain_walk(p, &w, object);
    if (w.clock == clock)
        return 0;
    set(p, CLOCK, by, w.clock);
    return w.clock;
}

static uint32_t touch(struct hn_past *p, const struct hn_deed *d, uint32_t line)
{
    const struct hn_touch *t = &p->deeds.touches.all[d->touch];
    uint32_t object = hn_objects_number(&p->objects, t->object), joins = 0;
    struct hn_access *a;

    if (hn_wanted(t->kind) & p->objects.all[object].kinds)
        joins = follow(p, (enum hn_kind)t->kind, object, d->line);
    a = hn_chain_add(p, object, t->kind, true);
    a->covers = 0;
    a->line = line;
    a->event = d->event;
    a->clock = p->lived[d->line].clock;
    return joins;
}

uint32_t hn_past_note(struct hn_past *p, const struct hn_deed *note,
                      uint32_t line)
{
    lived(p, note->line > note->other ? note->line : note->other);
    switch ((enum hn_deed_kind)note->kind) {
    case HN_DEED_TOUCH:
        return touch(p, note, line);
    case HN_DEED_SPAWN:
        set(p, CLOCK, note->other, p->lived[note->line].clock);
        break;
    case HN_DEED_OWE:
        owe(p, note->line, note->other);
        break;
    case HN_DEED_WAKE:
        wake(p, note->line, note->other);
        break;
    default:
        time_passes(p, note->event);
    }
    return 0;
}

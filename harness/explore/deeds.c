/* deeds.c - what was done, noted. */
#include "harness/explore/deeds.h"

#include "harness/explore/memory.h"
#include "harness/explore/room.h"

void hn_deeds_free(struct hn_deeds *d)
{
    hn_memory_give(d->all);
    hn_memory_give(d->touches.all);
}

/* A new one, with no touches. */
static inline struct hn_deed *add(struct hn_deeds *d, enum hn_deed_kind kind,
                                  uint32_t event, uint32_t line, uint32_t other)
{
    struct hn_deed *deed;

    HN_ROOM(d->all, d->cap, d->n + 1);
    deed = &d->all[d->n++];
    deed->kind = kind;
    deed->event = event;
    deed->line = line;
    deed->other = other;
    deed->touch = d->touches.n;
    deed->ntouches = 0;
    return deed;
}

void hn_deeds_step(struct hn_deeds *d, const struct go_step *step,
                   uint32_t event)
{
    uint32_t line = step->point ? hn_line(step->point->task) : 0;
    struct hn_deed *deed;

    if (!step->point) {
        add(d, HN_DEED_EARLY, event, 0, 0);
        return;
    }
    deed = add(d, HN_DEED_STEP, event, line,
               hn_is_meeting(step) ? hn_line(step->partner) : line);
    hn_touches_of_step(&d->touches, step);
    deed->ntouches = d->touches.n - deed->touch;
}

void hn_deeds_number(struct hn_deeds *d, uint32_t event)
{
    add(d, HN_DEED_NUMBER, event, 0, 0);
}

void hn_deeds_note(struct hn_deeds *d, enum go_note note, uint32_t task,
                   const void *object, uint32_t other, uint32_t event)
{
    enum hn_kind kind = hn_kind_of_note(note, object);

    if (kind != HN_KINDS) {
        add(d, HN_DEED_TOUCH, event, hn_line(task), 0)->ntouches = 1;
        hn_touches_add(&d->touches, object, kind);
    } else if (note == GO_NOTE_SPAWN) {
        add(d, HN_DEED_SPAWN, event, hn_line(task), hn_line(other));
    } else if (note == GO_NOTE_WAKE) {
        add(d, go_control_point(other) ? HN_DEED_OWE : HN_DEED_WAKE, event,
            hn_line(task), hn_line(other));
    } else if (note == GO_NOTE_CLOCK) {
        add(d, HN_DEED_TIME, event, 0, 0);
    }
}

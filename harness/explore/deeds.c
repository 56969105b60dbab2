/* deeds.c - what was done, noted. */
#include "harness/explore/deeds.h"

#include "harness/explore/memory.h"
#include "harness/explore/room.h"

void hn_deeds_free(struct hn_deeds *d)
{
    hn_memory_give(d->all);
    hn_memory_give(d->touches.all);
}

void hn_deeds_reserve(struct hn_deeds *d)
{
    HN_ROOM(d->all, d->cap, d->n + 1);
    hn_touches_reserve(&d->touches);
}

void hn_deeds_step(struct hn_deeds *d, const struct go_step *step,
                   uint32_t event)
{
    struct hn_deed *deed;
    uint32_t line;

    if (!step->point) {
        hn_deeds_add(d, HN_DEED_EARLY, event, 0, 0);
        return;
    }
    line = hn_line(step->point->task);
    deed = hn_deeds_add(d, HN_DEED_STEP, event, line,
                        hn_is_meeting(step) ? hn_line(step->partner) : line);
    hn_touches_of_step(&d->touches, step);
    deed->ntouches = d->touches.n - deed->touch;
}

/* What touches nothing. */
static __attribute__((noinline)) void note_other(struct hn_deeds *d,
                                                 enum go_note note,
                                                 uint32_t line, uint32_t other,
                                                 uint32_t event)
{
    if (note == GO_NOTE_SPAWN)
        hn_deeds_add(d, HN_DEED_SPAWN, event, line, hn_line(other));
    else if (note == GO_NOTE_WAKE)
        hn_deeds_add(d, go_control_point(other) ? HN_DEED_OWE : HN_DEED_WAKE,
                     event, line, hn_line(other));
    else if (note == GO_NOTE_CLOCK)
        hn_deeds_add(d, HN_DEED_TIME, event, 0, 0);
}

void hn_deeds_note(struct hn_deeds *d, enum go_note note, uint32_t task,
                   const void *object, uint32_t other, uint32_t event)
{
    uint32_t kind = hn_noted_as[note], line = hn_line(task);

    if (kind == HN_KINDS || !object) {
        note_other(d, note, line, other, event);
        return;
    }
    hn_deeds_add(d, HN_DEED_TOUCH, event, line, 0)->ntouches = 1;
    hn_touches_add(&d->touches, object, kind);
}

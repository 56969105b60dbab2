/*
 * past.h - what has happened before what, in the execution that goes on.
 *
 * An event is a step that was taken, with all that its tasks did up to their
 * next points. It has a place (its choice, counted from 1) and belongs to the
 * line of its task, and of its partner; a clock has, for each line, the place
 * of the latest event that is past. So whether an event is in somebody's past
 * is one comparison.
 *
 * Everything can be taken back to a mark, so an execution that follows the one
 * before up to some choice need not be looked at again up to there.
 *
 * What is done is noted (deeds.h), and gone through later (settle.h): of all
 * deeds the first so many are past.
 */
#ifndef HN_EXPLORE_PAST_H
#define HN_EXPLORE_PAST_H

#include "harness/explore/clocks.h"
#include "harness/explore/deeds.h"
#include "harness/explore/objects.h"

struct hn_access {
    uint32_t object; /* its number */
    uint16_t kind;
    bool noted; /* besides its event's step: its clock is its own */
    /* Kinds, a bit each: all of these, of what was done to the object before,
       are in its past. */
    uint32_t covers;
    uint32_t line; /* of the event that it is part of */
    uint32_t event;
    uint32_t clock; /* which of the clocks */
    /* The one before on this object, + 1; 0: none. And the one before that was
       a step's. */
    uint32_t before, step_before;
};

struct hn_lived {   /* of a line */
    uint32_t clock; /* its past, when it came to where it stands now */
    /* What will be, too, when it comes to the point after that; and when it has
       come to this one. 0: nothing. */
    uint32_t owed, due;
    uint32_t writes; /* its last step was to lock this object to write, + 1 */
};

struct hn_mark {
    uint32_t clocks, accesses, undos;
};

/* Two that must be seen in the other order: the event, and what line does. */
struct hn_race {
    uint32_t event, line;
};

struct hn_past { /* zero is ready */
    struct hn_clocks clocks;
    struct hn_access *accesses;
    uint32_t naccesses, accesses_cap;
    struct hn_lived *lived; /* width of them, by line */
    uint32_t lived_cap;
    struct hn_undo *undos;
    uint32_t nundos, undos_cap;
    struct hn_objects objects;
    uint32_t time;         /* what is past for all; a clock */
    bool early;            /* has it ever gone on before it had to */
    struct hn_race *races; /* found and not yet taken out by who asked, */
    uint32_t nraces, races_cap;
    uint32_t from; /* with this event or later ones */
    struct hn_deeds deeds;
    uint32_t gone; /* so many of them are past */
    /* Of the step that was gone through last: */
    uint32_t touch, ntouches;     /* in the deeds' */
    uint32_t line[2], arrival[2]; /* of its tasks: whose, and how they came */
    uint32_t notes; /* the accesses from here on are what it did besides */
};

void hn_past_free(struct hn_past *p);

struct hn_mark hn_past_mark(const struct hn_past *p);
void hn_past_undo(struct hn_past *p, struct hn_mark mark);

/*
 * A step is past; its races are added to p->races. Returns its clock, as it is
 * for who follows it.
 */
uint32_t hn_past_step(struct hn_past *p, const struct hn_deed *step);
/*
 * What was done besides a step, as part of the event of that line. Its races
 * are added as line 0's: they are of the event, whoever's. Returns a clock that
 * is the event's, too, from now on; 0: there is none.
 */
uint32_t hn_past_note(struct hn_past *p, const struct hn_deed *note,
                      uint32_t line);
/* Adds the races of what somebody stands at, as if it were done last. */
void hn_past_pending(struct hn_past *p, const struct go_point *point);
/*
 * Whether what line does in the step that was looked at last (taken, or
 * pending) would come after event other if event from had not been.
 */
bool hn_past_needs(struct hn_past *p, uint32_t line, struct hn_race other,
                   struct hn_race from);
/* Whether that could be done in other ways at other moments. */
bool hn_past_is_loose(const struct hn_past *p, uint32_t line);

#endif

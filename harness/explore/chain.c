/*
 * chain.c - the accesses to each object, and what of them races.
 *
 * In:  touches (relation.h), when their turn comes (past.c). Out: races, and
 * clocks with what is followed in them.
 *
 * Method: each object has a chain of its accesses, newest first. Who touches it
 * walks along that, joins the clocks of what it comes after, and notes a race
 * with each access of its own kind of rival that was not in its task's past
 * when the task came to its point (Flanagan and Godefroid, 2005). That the two
 * are ordered by now through others in between says nothing: a lock comes after
 * the unlock, and may have come before the lock.
 *
 * H1  An access covers kinds: all accesses of these before it are past where it
 *     is. A walk ends when nothing is open, of what it asks for, that is not
 *     covered by what was past for its task: so it does not get longer with
 *     the execution where somebody sends and receives for ever.
 * H2  Nor is any race noted with an event before a place from which on they are
 *     asked for: a chain goes back in time.
 *
 * Why no clock for each access and read/write summary, as race detectors have:
 * all racing accesses are wanted, not the latest.
 */
#include "harness/explore/chain.h"

#include "harness/explore/dpor.h"
#include "harness/explore/room.h"

static void add_race(struct hn_past *p, uint32_t event, uint32_t line)
{
    HN_ROOM(p->races, p->races_cap, p->nraces + 1);
    p->races[p->nraces++] = (struct hn_race){event, line};
}

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

/* The kinds of accesses that are noted, not stepped to. */
#define NOTED                                                                  \
    (1u << HN_RELEASE | 1u << HN_RUNLOCK | 1u << HN_UNITS | 1u << HN_ADDED |   \
     1u << HN_GONE)

/* What comes before, in the clock of who walks: which is one of its own from
   then on. As it is now. */
static const uint32_t *join(struct hn_past *p, struct hn_chain_walk *w,
                            const struct hn_access *a)
{
    if (w->clock == w->arrival)
        w->clock = hn_clocks_copy(&p->clocks, w->arrival);
    hn_clocks_join(&p->clocks, w->clock, a->clock);
    return hn_clock(&p->clocks, w->clock);
}

/* The access that it pairs with, in the clock, too; if it is not past by another
   that covers it: H1. */
static void join_pair(struct hn_past *p, struct hn_chain_walk *w,
                      uint32_t object)
{
    uint32_t pair = paired(w->touch), seen = 0, i;
    const uint32_t *now = hn_clock(&p->clocks, w->clock);

    for (i = p->objects.all[object].newest; i; i = p->accesses[i - 1].before) {
        const struct hn_access *a = &p->accesses[i - 1];

        if (is_pair(w->touch, pair, a, &seen)) {
            if (!is_within(now, a))
                join(p, w, a);
            return;
        }
        if (a->covers & pair && is_within(now, a))
            return;
    }
}

/* What was past for who came. */
static inline const uint32_t *past_of(const struct hn_past *p,
                                      const struct hn_chain_walk *w)
{
    return hn_clock(&p->clocks,
                    hn_dpor_drop & HN_DROP_ARRIVAL ? w->clock : w->arrival);
}

void hn_chain_walk(struct hn_past *p, struct hn_chain_walk *w, uint32_t object)
{
    uint32_t races = hn_races[w->touch->kind];
    uint32_t after = hn_wanted(w->touch->kind);
    uint32_t kinds = p->objects.all[object].kinds;
    const uint32_t *now = hn_clock(&p->clocks, w->clock);
    const uint32_t *past = past_of(p, w);
    uint32_t open = kinds & after;  /* H1: for races, */
    uint32_t apart = kinds & after; /* and for the clock */
    bool steps = !(races & NOTED & kinds);

    for (uint32_t i = p->objects.all[object].newest; i && open | apart;) {
        const struct hn_access *a = &p->accesses[i - 1];
        bool known = past[a->line] >= a->event;

        if (a->event < p->from) /* H2 */
            open = 0;
        if (!known && open && races >> a->kind & 1) {
            add_race(p, a->event, w->line);
            if (hn_dpor_drop & HN_DROP_EARLIER)
                break;
        }
        if (apart >> a->kind & 1 && !is_within(now, a)) {
            now = join(p, w, a);
            past = past_of(p, w);
        }
        if (known || after >> a->kind & 1)
            apart &= ~a->covers;
        if (known)
            open &= ~a->covers;
        i = !apart && steps ? a->step_before : a->before;
    }
    if (w->touch->back)
        join_pair(p, w, object);
}

bool hn_chain_needs(struct hn_past *p, const struct hn_touch *t,
                    struct hn_race other, struct hn_race from)
{
    uint32_t after = hn_wanted(t->kind), pair = paired(t), seen = 0, i;

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

/*
 * sight.c - what a scan of memory saw, told again.
 *
 * In:  the scan's notes. Out: a reduction that comes to the same end.
 *
 * Y1  A reduction of the same snapshot asks for the sources in the order of
 *     the first time, for nothing in it depends on anything else. A note that
 *     was not asked for would be life forgotten, so that is checked.
 */
#include "runtime/monitor/sight.h"

#include "runtime/base/throw.h"

static void tell(void *arg, uint32_t source, struct mon_reduction *r)
{
    struct mon_replay *p = arg;
    const struct mon_sight *s = p->sight;

    for (; p->next < s->nseen && s->seen[p->next].source == source; p->next++)
        mon_reduce_reach(r, s->seen[p->next].object, s->seen[p->next].wants);
}

struct mon_reach mon_sight_reach(struct mon_replay *replay,
                                 const struct mon_sight *sight)
{
    *replay = (struct mon_replay){sight, 0};
    return (struct mon_reach){tell, replay};
}

void mon_sight_told(const struct mon_replay *replay)
{
    rt_check(replay->next == replay->sight->nseen,
             "sight: Y1: life that was seen is forgotten");
}

void mon_sight_holders(const struct mon_sight *sight, uint32_t object,
                       const struct mon_holder **first,
                       const struct mon_holder **end)
{
    uint32_t low = 0, high = sight ? sight->nholder : 0;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (sight->holders[mid].object < object)
            low = mid + 1;
        else
            high = mid;
    }
    *first = *end = sight ? sight->holders + low : NULL;
    while (sight && *end < sight->holders + sight->nholder &&
           (*end)->object == object)
        ++*end;
}

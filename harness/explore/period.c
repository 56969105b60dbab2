/*
 * period.c - the first time around: see the header.
 *
 * In:  choices, of which the last ones repeat for ever. Out: a hash that does
 * not depend on how many of them there are.
 *
 * Method: where a round is seen depends on when it is looked, and on bytes of
 * memory that are no part of the schedule. The endless schedule is the same:
 * so its shortest round is what is meant, from where it begins to repeat.
 */
#include "harness/explore/period.h"

#include <stdbool.h>

static uint64_t what(const struct hn_period *p, uint32_t at)
{
    return p->last[at % HN_PERIOD_ROOM].what;
}

/* Whether the choices from .. n - 1 repeat after so many. */
static bool repeats(const struct hn_period *p, uint32_t from, uint32_t length)
{
    for (uint32_t i = from + length; i < p->n; i++)
        if (what(p, i) != what(p, i - length))
            return false;
    return true;
}

static uint32_t shortest(const struct hn_period *p, uint32_t length)
{
    for (uint32_t l = 1; l < length; l++)
        if (length % l == 0 && repeats(p, p->n - length, l))
            return l;
    return length;
}

uint64_t hn_period_hash(const struct hn_period *p, uint32_t length)
{
    uint32_t oldest = p->n > HN_PERIOD_ROOM ? p->n - HN_PERIOD_ROOM : 0;
    uint32_t end = p->n;

    if (!length || length > end - oldest)
        return 0;
    length = shortest(p, length);
    while (end - length > oldest &&
           what(p, end - length - 1) == what(p, end - 1))
        end--;
    return p->last[(end - 1) % HN_PERIOD_ROOM].hash;
}

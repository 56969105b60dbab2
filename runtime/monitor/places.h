/* places.h - where objects lie in the program's memory. */
#ifndef MON_PLACES_H
#define MON_PLACES_H

#include <stdbool.h>
#include <stdint.h>
#include <vigil/inspect.h>

#include "runtime/base/own.h"

/* An object in the program's memory, and what of it is the runtime's. */
struct mon_placed {
    uintptr_t at;
    struct rt_span own;
    uint32_t object;
    bool whole; /* a variable of its own: nothing else is reckoned from it */
};

struct mon_places {
    struct mon_placed *all; /* by address, once they are sorted */
    uint32_t n;
    uintptr_t low, high; /* of the first and the last */
};

void mon_places_sort(struct mon_places *places);
/*
 * Those that somebody waits for, sorted: places->all has room for all there
 * are. chan_object[] tells of channels, by slot; placed is [nobject], zeroed.
 */
void mon_places_fill(struct mon_places *places, uint32_t *chan_object,
                     const struct go_inspect *in, uint8_t *placed);
/* The first at address or above; n: there is none. */
uint32_t mon_places_from(const struct mon_places *p, uintptr_t address);

#endif

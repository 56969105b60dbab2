/*
 * objects.h - numbers for objects, by their addresses.
 *
 * A number stays: in the next execution the object lies there again.
 */
#ifndef HN_EXPLORE_OBJECTS_H
#define HN_EXPLORE_OBJECTS_H

#include <stdint.h>

struct hn_object {
    const void *address;
    uint32_t newest; /* access to it + 1 (past.h); 0: none */
    uint32_t kinds;  /* of touches that it ever had, a bit each */
};

struct hn_objects { /* zero is empty */
    struct hn_object *all;
    uint32_t n, cap;
    uint32_t *table, size; /* address to number + 1, hashed; 0: free */
    uint32_t latest;       /* that was asked for: a guess */
};

void hn_objects_free(struct hn_objects *o);
/* The number; a new one at the first asking. */
uint32_t hn_objects_find(struct hn_objects *o, const void *address);
static inline uint32_t hn_objects_number(struct hn_objects *o,
                                         const void *address)
{
    if (o->latest < o->n && o->all[o->latest].address == address)
        return o->latest;
    return hn_objects_find(o, address);
}

#endif

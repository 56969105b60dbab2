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

enum {
    HN_OBJECTS_GUESS = 8 /* a power of two */
};

struct hn_objects { /* zero is empty */
    struct hn_object *all;
    uint32_t n, cap;
    uint32_t *table, size; /* address to number + 1, hashed; 0: free */
    uint32_t guess[HN_OBJECTS_GUESS]; /* the latest, by address */
};

void hn_objects_free(struct hn_objects *o);
/* The number; a new one at the first asking. */
uint32_t hn_objects_find(struct hn_objects *o, const void *address);
static inline uint32_t *hn_objects_guess(struct hn_objects *o,
                                         const void *address)
{
    return &o->guess[(uintptr_t)address >> 3 & (HN_OBJECTS_GUESS - 1)];
}
static inline uint32_t hn_objects_number(struct hn_objects *o,
                                         const void *address)
{
    uint32_t guess = *hn_objects_guess(o, address);

    if (guess < o->n && o->all[guess].address == address)
        return guess;
    return hn_objects_find(o, address);
}

#endif

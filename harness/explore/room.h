/*
 * room.h - arrays that grow, for the searches.
 *
 * There is no way on without memory in the midst of a search, and nothing of
 * it is worth keeping: the process ends, saying so.
 */
#ifndef HN_EXPLORE_ROOM_H
#define HN_EXPLORE_ROOM_H

#include <stddef.h>
#include <stdint.h>

/* At least n elements of size bytes each; *cap follows. Old ones stay, new ones
   are not set. */
void *hn_room_slow(void *all, uint32_t *cap, uint32_t n, size_t size);

/* Makes room for n in an array with a capacity: HN_ROOM(t->all, t->cap, n). */
#define HN_ROOM(all, cap, n)                                                   \
    do {                                                                       \
        if ((n) > (cap))                                                       \
            (all) = hn_room_slow((all), &(cap), (n), sizeof(*(all)));          \
    } while (0)

#endif

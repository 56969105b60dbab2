/* objects.c - numbers for objects. */
#include "harness/explore/objects.h"

#include <string.h>

#include "harness/explore/memory.h"
#include "harness/explore/room.h"

enum {
    FIRST = 64 /* of the table: a power of two */
};

void hn_objects_free(struct hn_objects *o)
{
    hn_memory_give(o->all);
    hn_memory_give(o->table);
}

/* Where the address is, or would be put. */
static uint32_t place_of(const struct hn_objects *o, const void *address)
{
    uint64_t bits = (uintptr_t)address >> 3;
    uint32_t mask = o->size - 1;
    uint32_t i = (uint32_t)(bits * 0x9e3779b97f4a7c15ull >> 32) & mask;

    while (o->table[i] && o->all[o->table[i] - 1].address != address)
        i = (i + 1) & mask;
    return i;
}

static void grow(struct hn_objects *o)
{
    uint32_t size = o->size ? 2 * o->size : FIRST;

    HN_ROOM(o->table, o->size, size);
    memset(o->table, 0, o->size * sizeof(*o->table));
    for (uint32_t i = 0; i < o->n; i++)
        o->table[place_of(o, o->all[i].address)] = i + 1;
}

uint32_t hn_objects_find(struct hn_objects *o, const void *address)
{
    uint32_t i;

    if (2 * o->n >= o->size)
        grow(o);
    i = place_of(o, address);
    if (!o->table[i]) {
        HN_ROOM(o->all, o->cap, o->n + 1);
        o->all[o->n] = (struct hn_object){.address = address};
        o->table[i] = ++o->n;
    }
    return *hn_objects_guess(o, address) = o->table[i] - 1;
}

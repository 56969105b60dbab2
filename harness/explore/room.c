/* room.c - arrays that grow. */
#include "harness/explore/room.h"

#include <stdio.h>
#include <unistd.h>

#include "harness/explore/memory.h"

enum {
    FIRST = 64
};

jmp_buf *hn_room_exit;

void *hn_room_slow(void *all, uint32_t *cap, uint32_t n, size_t size)
{
    uint64_t room = *cap ? *cap : FIRST;

    while (room < n)
        room *= 2;
    all = room <= UINT32_MAX ? hn_memory_grow(all, room * size) : NULL;
    if (!all && hn_room_exit)
        longjmp(*hn_room_exit, 1);
    if (!all) {
        fputs("vigil: out of memory: the search is too deep\n", stderr);
        _exit(HN_ROOM_EXIT);
    }
    *cap = (uint32_t)room;
    return all;
}

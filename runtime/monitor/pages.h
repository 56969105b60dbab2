/* pages.h - which pages may hold something. */
#ifndef MON_PAGES_H
#define MON_PAGES_H

#include <stdbool.h>
#include <stdint.h>

/* Which pages may hold something. */
enum mon_pages {
    MON_PAGES_MAPPED,  /* those in the page table, and swapped out of it */
    MON_PAGES_WRITTEN, /* of these, those that are no longer a file's */
    MON_PAGES_SHARED   /* all that are in memory at all */
};

/* Of them; as the kernel has it. */
struct mon_piece {
    uint64_t start, end, categories;
};

struct mon_pagemap {
    int map;      /* descriptor of it, -1 */
    bool no_scan; /* the kernel does not know PAGEMAP_SCAN */
};

enum {
    MON_PIECES = 256 /* told at a time */
};

/* The next pieces of [low, high) that are populated; how many, *to: how far it
   has looked. -errno: the kernel cannot tell. */
int mon_pages_next(struct mon_pagemap *m, uintptr_t low, uintptr_t high,
                   enum mon_pages pages, struct mon_piece piece[MON_PIECES],
                   uintptr_t *to);
/* It is in memory for sure, not swapped out. */
bool mon_piece_is_present(const struct mon_piece *p);

#endif

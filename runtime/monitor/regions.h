/*
 * regions.h - the memory of the process that nobody has told us the parts of:
 * globals, thread-local storage, what mmap and other heaps gave.
 *
 * Only what was ever touched is visited, and nothing that must not be touched:
 * devices are left alone, and what cannot be read is told. The world, all
 * threads included, must be stopped, or the process be a copy.
 */
#ifndef MON_REGIONS_H
#define MON_REGIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/own.h"
#include "runtime/monitor/pages.h"

struct mon_region {
    uintptr_t low, high;
    enum mon_pages pages;
};

/* n words that stand at address; words is a copy, gone when visit returns. */
typedef void mon_visit(void *arg, const uintptr_t *words, size_t n,
                       uintptr_t address);

struct mon_regions {
    struct mon_region *list; /* mapped and readable, by address, less skip[] */
    uint32_t n;
    size_t cap;
    bool whole;    /* all there is was, or will be, read */
    char why[104]; /* if not: what was not */
    bool shared;   /* some of it is written by other processes, or by the
                      original of a copy */
    struct mon_pagemap pages;
    int mem; /* descriptor; -1: it may not be had */
};

/*
 * Lists the regions, without skip[0..nskip), which must be sorted by address
 * and not overlap, and without what is the runtime's own (own.h) when they are
 * listed. 0, -ENOMEM, -E2BIG: that is in too many pieces, or -errno when /proc
 * does not tell.
 */
int mon_regions_open(struct mon_regions *r, const struct rt_span *skip,
                     uint32_t nskip, struct rt_arena *arena);
/*
 * Calls visit for pieces of all pages that hold something. Clears whole when
 * there was something that could not be read.
 */
void mon_regions_visit(struct mon_regions *r, mon_visit *visit, void *arg);
/* The same for memory that is in no region, of which pages may be missing or
   not be readable. */
void mon_regions_visit_range(struct mon_regions *r, uintptr_t low,
                             uintptr_t high, mon_visit *visit, void *arg);
/* Clears whole, for what no region has. */
void mon_regions_doubt(struct mon_regions *r, const char *what);
void mon_regions_close(struct mon_regions *r);

#endif

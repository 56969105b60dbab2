/*
 * byid.h - finding records by their id: an index over an array whose records
 * begin with a 64-bit id, as goroutines and ended ones of a snapshot do.
 */
#ifndef MON_BYID_H
#define MON_BYID_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"

struct mon_byid {
    uint32_t n;
    uint64_t *id;    /* [n] ascending */
    uint32_t *index; /* [n] of the record with that id in the array */
    uint32_t *rank;  /* [n] the other way: a record's place in that order */
};

/* Over n records of stride bytes each. 0, or -ENOMEM. */
int mon_byid_build(struct mon_byid *b, const void *records, size_t stride,
                   uint32_t n, struct rt_arena *arena);
/* The record's index in the array, or GO_NOWHERE. */
uint32_t mon_byid_find(const struct mon_byid *b, uint64_t id);

#endif

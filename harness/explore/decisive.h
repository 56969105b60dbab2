/*
 * decisive.h - the two steps of a failing schedule whose order makes it fail.
 * Within a worker process.
 */
#ifndef HN_EXPLORE_DECISIVE_H
#define HN_EXPLORE_DECISIVE_H

#include <vigil/inspect.h>

#include "harness/explore/did.h"
#include "harness/explore/schedule.h"

enum {
    HN_DECISIVE_REPLAYS = 300,   /* the most, */
    HN_DECISIVE_STEPS = 1 << 21, /* and in all of them */
    HN_DECISIVE_OTHER = 120      /* how it fails then, in words */
};

enum hn_decisive_kind {
    HN_DECISIVE_NONE,    /* no two steps were found */
    HN_DECISIVE_ORDER,   /* first before second */
    HN_DECISIVE_INSTEAD, /* first, when second could be done in its place */
};

struct hn_decisive {
    enum hn_decisive_kind kind;
    bool differs; /* the other way round it fails as well, but otherwise: */
    char other[HN_DECISIVE_OTHER];
    uint32_t at;  /* the choice of first, in the schedule */
    uint32_t nth; /* second is what its task does as the nth (1, ...) behind
                     that choice; 0: not counted */
    struct hn_did first, second;
    uint32_t replays;
};

/*
 * schedule fails with that signature; apart: loop.h. What is told was run: the
 * two the other way round, all else the same as far as it can be, and it did
 * not fail so.
 */
void hn_decisive(const struct go_run *run, const struct hn_schedule *schedule,
                 uint64_t signature, bool apart, struct hn_decisive *to);
const char *hn_decisive_kind_text(enum hn_decisive_kind kind);

#endif

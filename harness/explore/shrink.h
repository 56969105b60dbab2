/*
 * shrink.h - the shortest schedule that fails in the same way.
 * Within the worker process.
 */
#ifndef HN_EXPLORE_SHRINK_H
#define HN_EXPLORE_SHRINK_H

#include <vigil/inspect.h>

#include "harness/explore/record.h"
#include "harness/explore/schedule.h"
#include "harness/explore/tasks.h"
#include "harness/explore/token.h"

enum {
    HN_SHRINK_REPLAYS = 2000,  /* the most, */
    HN_SHRINK_STEPS = 1 << 22, /* and in all of them */
};

struct hn_shrunk {
    bool same;      /* the schedule, done again, failed again in that way */
    bool confirmed; /* the short one, too, and hash is of it */
    uint16_t hash;
    bool cut; /* it is too long to be written */
    uint32_t replays;
    /* As in a token: numbers of tasks mean nothing in another process. */
    struct hn_token_body body;
};

/* What is to be shrunk. */
struct hn_shrink_ask {
    const struct hn_record *failing;
    const struct hn_tasks *tasks; /* by which it counts */
    uint64_t signature;           /* of the failure */
    bool livelock;                /* it is one */
    uint32_t early;               /* as the execution had it */
    bool apart;                   /* loop.h */
};

/*
 * Does what the record says again, and then less and less of it. to: zero, but
 * for the room of its body. Only what is in *to counts when the scenario crashes
 * meanwhile.
 */
void hn_shrink(const struct go_run *run, const struct hn_shrink_ask *ask,
               struct hn_shrunk *to);

#endif

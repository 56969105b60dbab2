/*
 * frequency.h - how often a random walk fails in a way that is known.
 * Within a worker process.
 */
#ifndef HN_EXPLORE_FREQUENCY_H
#define HN_EXPLORE_FREQUENCY_H

#include <vigil/inspect.h>

#include "harness/explore/record.h"
#include "harness/explore/tasks.h"

enum {
    HN_FREQUENCY_RUNS = 1000 /* the most */
};
/* Of the processor's time, for all of them: how busy the machine is must not
   decide how many are done; */
#define HN_FREQUENCY_TIME (GO_SECOND / 5)
/* but where they wait, or others have it, no more real time than this; and
   apart, where others use it for them. */
#define HN_FREQUENCY_REAL  (3 * HN_FREQUENCY_TIME)
#define HN_FREQUENCY_APART (2 * HN_FREQUENCY_TIME)

struct hn_frequency {
    uint32_t runs; /* that came to an end */
    uint32_t same;
    bool early; /* timers could fire early in them */
};

/* Which walks, and what they are looked through for. */
struct hn_walks {
    uint64_t signature;
    uint32_t early; /* of struct go_control */
    uint32_t more;  /* likewise */
    uint64_t seed;
    bool apart;             /* loop.h */
    struct hn_tasks *tasks; /* gets what first counts by */
};

/*
 * Random walks, each as likely as a fair coin at every choice has it. first:
 * gets the choices of the first that is the same, and that is the last; NULL:
 * not wanted, and all are done.
 */
void hn_frequency(const struct go_run *run, const struct hn_walks *walks,
                  struct hn_frequency *to, struct hn_record *first);

#endif

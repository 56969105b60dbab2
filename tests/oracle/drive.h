/*
 * drive.h - runs a program under control, or not, and keeps its outcomes.
 */
#ifndef ORACLE_DRIVE_H
#define ORACLE_DRIVE_H

#include "harness/explore/strategy.h"
#include "tests/oracle/outcome.h"

/* Every schedule, one after the other, and nothing clever. */
extern const struct hn_strategy_kind drive_all;

struct drive {
    uint64_t executions;
    bool complete; /* as the strategy says */
};
/* Up to most executions of p, with so many timers that fire early; their
   outcomes into to. more: enum go_more, from the beginning. */
struct drive drive_run(const struct program *p,
                       const struct hn_strategy_kind *kind, uint64_t seed,
                       uint64_t most, uint32_t early, uint32_t more,
                       struct outcomes *to);
/*
 * An ordinary run, on so many workers: what came of it, not cut (play.h).
 * False: it did not come to its end.
 */
bool drive_plain(const struct program *p, int procs, uint64_t seed,
                 struct outcome *o);

#endif

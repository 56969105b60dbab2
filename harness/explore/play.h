/*
 * play.h - the one run that is shown: by a schedule, under the full monitor,
 * and what was done in it as a table with a column for each goroutine.
 */
#ifndef HN_EXPLORE_PLAY_H
#define HN_EXPLORE_PLAY_H

#include "harness/explore/decisive.h"
#include "harness/explore/watch.h"
#include "harness/explore/races.h"
#include "harness/explore/witness.h"

enum {
    HN_PLAY_ROWS = 400, /* the last ones that are kept */
    HN_PLAY_STALLS = 8, /* the first ones */
};

/* One choice. */
struct hn_play_row {
    uint32_t at, task, partner;
    int32_t which;
    uint64_t goroutine;
    enum go_op op;
    const struct go_site *site;
    bool deviates;
};

/* A timer that fired early: somebody was held up for so long. */
struct hn_stall {
    uint32_t at;
    struct go_due due;
    uint64_t held_up; /* a goroutine */
};

struct hn_play {
    struct hn_follow follow;
    uint32_t work; /* steps on offer since the last look at the clock */
    int64_t until; /* real ns: from then on it goes on without control */
    struct hn_watch *watch;    /* of a livelock that is known; NULL: of none */
    struct go_control control; /* for struct go_run */
    struct hn_play_row rows[HN_PLAY_ROWS]; /* a ring */
    uint32_t n;
    struct hn_witness witness;
    uint32_t stop; /* choice that a debugger is to be told of; GO_NOWHERE */
    struct hn_races races;
    struct hn_schedule left_out; /* of a schedule that is followed loosely */
    struct hn_stall stalls[HN_PLAY_STALLS];
    uint32_t nstalls; /* also beyond the maximum */
};

/* schedule must stay; early: how often a timer may fire early. */
void hn_play_init(struct hn_play *p, const struct hn_schedule *schedule,
                  uint32_t early);
/* After the run: whether all of the schedule was done; else follow.misfit.
   hash: of what is done, as the token has it; -1: not known. */
bool hn_play_end(struct hn_play *p, int hash);
/* Then: the table on fd. decisive: whose steps are marked, NULL. */
void hn_play_table(const struct hn_play *p, const struct hn_decisive *decisive,
                   int fd);
/* What was left out, as a token has it, in to[0..n); "": nothing was. */
void hn_play_left_out(const struct hn_play *p, char *to, size_t n);
void hn_play_free(struct hn_play *p);

#endif

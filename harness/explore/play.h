/*
 * play.h - the one run that is shown: by a schedule, under the full monitor,
 * with what was done in it.
 */
#ifndef HN_EXPLORE_PLAY_H
#define HN_EXPLORE_PLAY_H

#include "harness/explore/follow.h"
#include "harness/explore/races.h"
#include "harness/explore/table.h"
#include "harness/explore/watch.h"
#include "harness/explore/witness.h"

enum {
    HN_PLAY_STALLS = 8, /* the first ones */
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
    int64_t until; /* ns of the processor's: then it goes on without control */
    struct hn_watch *watch;    /* of a livelock that is known; NULL: of none */
    struct go_control control; /* for struct go_run */
    struct hn_table table;
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
/* What was left out, as a token has it, in to[0..n); "": nothing was. */
void hn_play_left_out(const struct hn_play *p, char *to, size_t n);
void hn_play_free(struct hn_play *p);

#endif

/*
 * plan.h - what a child is to do about schedules, as one word on its command
 * line: nothing, explore, or play a token.
 */
#ifndef HN_EXPLORE_PLAN_H
#define HN_EXPLORE_PLAN_H

#include "harness/explore/explore.h"

enum hn_plan_kind {
    HN_PLAN_NONE, /* the parallel scheduler */
    HN_PLAN_EXPLORE,
    HN_PLAN_REPLAY
};

struct hn_plan {
    enum hn_plan_kind kind;
    struct hn_explore_ask ask;
    char strategy[16];
    const char *token;
};

/* malloc'd; NULL: no memory. */
char *hn_plan_write(const struct hn_plan *p);
/* Of what hn_plan_write wrote; the text must stay. False: it is not that. */
bool hn_plan_read(const char *text, struct hn_plan *p);

#endif

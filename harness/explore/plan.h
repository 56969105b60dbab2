/*
 * plan.h - what a child is to do about schedules, as one word on its command
 * line: nothing, explore, or play a token.
 */
#ifndef HN_EXPLORE_PLAN_H
#define HN_EXPLORE_PLAN_H

#include "harness/explore/explore.h"
#include "harness/options.h"

enum hn_plan_kind {
    HN_PLAN_NONE, /* the parallel scheduler */
    HN_PLAN_EXPLORE,
    HN_PLAN_REPLAY
};

struct hn_plan {
    enum hn_plan_kind kind;
    struct hn_explore_ask ask;
    char strategy[16];
    /* What is to be played, or explored behind: a token, or the file of one,
       whose steps are to be done; NULL: none. Of these a word has one: a token
       may be too long for it, and who plays the file reads that. */
    const char *token, *sched;
    enum hn_follow_mode follow;
    bool decide;      /* where a debugger is to stop is to be told */
    bool save;        /* the choices of the run that is shown are to be told, */
    int trace_fd;     /* there */
    int interrupt_fd; /* what says that it is to end; -1: nothing */
    char *words;      /* that it was read of: token and sched are in it */
};

/* malloc'd; NULL: no memory. */
char *hn_plan_write(const struct hn_plan *p);
/* Of what hn_plan_write wrote; false: it is not that, or there is no memory. */
bool hn_plan_read(const char *text, struct hn_plan *p);
void hn_plan_free(struct hn_plan *p);

#endif

/*
 * launch.c - starts the child of a run.
 *
 * In:  a run. Out: its process, whose command line says everything about the
 * run, and nothing of what the scenario expects.
 */
#include "harness/launch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/child.h"
#include "harness/explore/budget.h"

enum {
    SCHEDULES_RUN = 2000, /* of an exploration within run */
    SCHEDULES_EXPLORE = 100000,
};

/* A run of a scenario that is to be explored is an exploration, of a small
   budget. */
struct hn_plan hn_launch_plan(const struct hn_options *o,
                              const struct hn_finished *f)
{
    bool small = o->command == HN_RUN;
    struct hn_plan plan = {.token = o->token,
                           .follow = o->follow,
                           .sched = o->sched,
                           .save = o->save != NULL,
                           .decide = o->gdb,
                           .ask = {.strategy = o->strategy,
                                   .schedules = o->schedules ? o->schedules
                                                : small      ? SCHEDULES_RUN
                                                        : SCHEDULES_EXPLORE,
                                   .time = hn_budget_search(f->timeout, small),
                                   .seed = f->seed,
                                   .racy = !o->quiescent,
                                   .all = o->all,
                                   .fifo = o->fifo,
                                   .apart = o->apart}};

    if (o->command == HN_REPLAY && o->follow != HN_PREFIX)
        plan.kind = HN_PLAN_REPLAY;
    else if (o->command == HN_EXPLORE || o->command == HN_REPLAY ||
             (small && f->scenario->explore))
        plan.kind = HN_PLAN_EXPLORE;
    return plan;
}

int hn_launch(const struct hn_finished *f, const struct hn_plan *plan,
              bool graph, struct hn_process *to)
{
    char seed[24], procs[16], *word = hn_plan_write(plan);
    char *argv[HN_CHILD_ARGC + 1] = {
        [0] = f->scenario->exec,
        [1] = (char *)HN_CHILD_WORD,
        [HN_CHILD_NAME] = f->scenario->name,
        [HN_CHILD_SEED] = seed,
        [HN_CHILD_PROCS] = procs,
        [HN_CHILD_GRAPH] = (char *)(graph ? "graph" : "-"),
        [HN_CHILD_REPLAY] = f->replay ? f->replay : (char *)"",
        [HN_CHILD_PLAN] = word,
    };
    int err = -ENOMEM;

    snprintf(seed, sizeof(seed), "%llu", (unsigned long long)f->seed);
    snprintf(procs, sizeof(procs), "%d", f->procs);
    if (word)
        err = hn_process_start(argv, to);
    free(word);
    return err;
}

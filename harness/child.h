/*
 * child.h - the side of a run that is the scenario's own process.
 */
#ifndef HN_CHILD_H
#define HN_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <vigil/inspect.h>
#include <vigil/scenario.h>

/* The word that makes a scenario program a child, and what follows it. */
#define HN_CHILD_WORD "--vigil-child"
enum {
    HN_CHILD_NAME = 2, /* of the scenario */
    HN_CHILD_SEED,
    HN_CHILD_PROCS,
    HN_CHILD_GRAPH,  /* "graph": the DOT is wanted too; else "-" */
    HN_CHILD_REPLAY, /* one command that reproduces, for the report; what is
                        explored adds its token */
    HN_CHILD_PLAN,   /* explore/plan.h */
    HN_CHILD_ARGC
};

/* The line behind the report, with what the report does not carry. */
#define HN_OUTCOME_SCHEMA "vigil-outcome/1"

bool hn_child_is(int argc, char **argv);
/* How a scenario is run, without descriptors and seed; *site is filled, too. */
struct go_run hn_child_run(const struct go_scenario *s, struct go_site *site);
/* Runs the scenario; the exit status. */
int hn_child_main(char **argv);

#endif

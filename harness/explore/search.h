/*
 * search.h - execution after execution, until one fails or enough were tried.
 * Within the worker process.
 */
#ifndef HN_EXPLORE_SEARCH_H
#define HN_EXPLORE_SEARCH_H

#include <vigil/inspect.h>

#include "harness/explore/found.h"

/* Runs until ask is met; what came of it in *to, in shared memory. */
void hn_search(const struct go_run *run, const struct hn_explore_ask *ask,
               struct hn_found *to);

#endif

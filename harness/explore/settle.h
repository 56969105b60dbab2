/*
 * settle.h - what was done in an execution becomes past, and its races are
 * reversed.
 */
#ifndef HN_EXPLORE_SETTLE_H
#define HN_EXPLORE_SETTLE_H

#include "harness/explore/tree.h"

/* All of it, but for the races of the latest event, which goes on. */
void hn_settle_now(struct hn_tree *t);
/* The execution is over, or goes on without us: as far as it matters. pending:
   with what all stand at now. */
void hn_settle_end(struct hn_tree *t, bool pending);

#endif

/*
 * reverse.h - for each race, what would bring its two in the other order.
 */
#ifndef HN_EXPLORE_REVERSE_H
#define HN_EXPLORE_REVERSE_H

#include "harness/explore/tree.h"

/*
 * The races that the past has found, of the event at node to or of what is
 * pending after all nodes. Of an event once it is over: what it did besides
 * its step counts, too.
 */
void hn_reverse(struct hn_tree *t, uint32_t to);
/*
 * Time goes on after node to, and could have gone on before any event that is
 * not past for it. Before it does.
 */
void hn_reverse_clock(struct hn_tree *t, uint32_t to);
/* The execution is over: the same of all that is stood at. */
void hn_reverse_pending(struct hn_tree *t);

#endif

/*
 * budget.h - the time of an exploration: who has how much of it.
 *
 * Of a time-out, in twentieths; where a run of scenarios explores one, which is
 * to show more than to find, of half of it:
 *
 *     12  the search, to its first failure or its end. An execution that does
 *         not come to a choice has a grace beyond it (hn_budget_grace).
 *      6  what is told of failures, but at most half of what the search was
 *         given: each is shrunk, within its share, then confirmed if it is a
 *         livelock, or else explained. Other failures than the first are shown.
 *      2  the run that is shown, which is the process's own; the rest.
 *
 * A search may be over late, on a busy machine or by its grace. The first failure
 * has what it takes to be told (HN_BUDGET_NEEDED) in any case: else all was for
 * nothing. Who is at it when the time-out is over hears so (interrupt.h), and has
 * HN_INTERRUPT_GRACE; then comes SIGQUIT, and HN_BUDGET_KILL later the end.
 *
 * All in real ns.
 */
#ifndef HN_EXPLORE_BUDGET_H
#define HN_EXPLORE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>
#include <vigil/time.h>

#define HN_BUDGET_EXPLORE (60 * GO_SECOND) /* the time-out, if none is given */
#define HN_BUDGET_KILL    GO_SECOND        /* from SIGQUIT to SIGKILL */

/* The most that a single part takes, however much there is. */
#define HN_BUDGET_STAGE  (2 * GO_SECOND) /* that only tells more of a failure */
#define HN_BUDGET_SHOW   (5 * GO_SECOND) /* one failure of many */
#define HN_BUDGET_CRASH  (2 * GO_SECOND) /* to play one */
#define HN_BUDGET_DECIDE (2 * GO_SECOND) /* of a replay: where it stops */
/* of a replay, whether it is a livelock: only what computes for ever takes so
   long */
#define HN_BUDGET_LIVELOCK (20 * GO_SECOND)

/* For the first failure to be shrunk, if that is late, and to be confirmed. */
#define HN_BUDGET_NEEDED GO_SECOND

/* Of who is interrupted, or whose time is up: for the parent to wait; for all
   that is to be found out behind a search; for the one worker that is waited
   for. */
#define HN_INTERRUPT_GRACE  (5 * GO_SECOND)
#define HN_INTERRUPT_REST   (3 * GO_SECOND / 2)
#define HN_INTERRUPT_WORKER GO_SECOND

/* What a search has of a time-out. small: in a run of scenarios. */
int64_t hn_budget_search(int64_t timeout, bool small);
/* And beyond that. */
int64_t hn_budget_grace(int64_t search);
/* Instants; of a search that has so much and began then: until when all is told
   but the run that is shown. search 0: no limit, 0. */
int64_t hn_budget_told(int64_t began, int64_t search);
/* Of one that is over now: until when its failures are shrunk and explained. */
int64_t hn_budget_explained(int64_t now, int64_t search, int64_t told);
/* A part of it for the next of so many. */
int64_t hn_budget_share(int64_t now, int64_t until, uint32_t parts);
/* At least what is needed. */
int64_t hn_budget_needed(int64_t now, int64_t until);

#endif

/*
 * tell.h - what an exploration says: lines of JSON for the harness, text for
 * people below the report of a failure.
 */
#ifndef HN_EXPLORE_TELL_H
#define HN_EXPLORE_TELL_H

#include <jansson.h>

#include "harness/explore/explain.h"
#include "harness/explore/plan.h"
#include "harness/explore/play.h"

/* The line before the report, of an exploration or a replay; a later one adds
   to it. */
#define HN_EXPLORE_SCHEMA "vigil-explore/1"

/* One line on fd; takes fields over, and adds the schema. */
void hn_tell(int fd, json_t *fields);
/* One word and its text. */
void hn_tell_word(int fd, const char *key, const char *text);
void hn_tell_explored(const struct go_run *run, const struct hn_plan *plan,
                      const struct hn_explored *x);
/* What else a person should know of the search: lines of text, or nothing. */
void hn_tell_notes(const struct hn_explored *x, int fd);
/* A process of the search that died, and did not when its choices were done
   again, or for want of time was not asked to: all that was seen of that. */
void hn_tell_once(const struct go_run *run, const struct hn_explored *x,
                  const struct hn_failing *f);
/* Why it is not deterministic, if it is not: as text. */
void hn_tell_differs(const struct hn_differs *d, int fd);
/* Of one of several failures: what is known before it is shown. */
json_t *hn_tell_failing(const struct hn_failing *f);

/* The paragraph above a table: where it was found, what decides. */
void hn_tell_found(const struct hn_plan *plan, const struct hn_explored *x,
                   const struct hn_failing *f, int fd);
/* The same of a run that was to show no failure, and failed. */
void hn_tell_untried(const struct hn_plan *plan, const struct hn_explored *x,
                     int fd);
/* The lines below it: timers that were early, and how often it happens. play:
   NULL if it was not shown. */
void hn_tell_below(const struct hn_failing *f, const struct hn_play *play,
                   int fd);
/* Timers that were early, in the run that was shown. */
json_t *hn_tell_stalls(const struct hn_play *play);

#endif

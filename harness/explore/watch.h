/*
 * watch.h - whether an execution goes round: a livelock.
 *
 * Told is only what is proven: all that could matter is the same at two
 * moments, whatever could be done between them was done, and main has not
 * returned. Then the same may follow for ever, and nobody was held up for it:
 * a fair scheduler does not end it.
 */
#ifndef HN_EXPLORE_WATCH_H
#define HN_EXPLORE_WATCH_H

#include <vigil/control.h>

#include "harness/explore/state.h"

struct hn_watch;

/* states: NULL: nothing can be proven, and it only counts. NULL: no memory. */
struct hn_watch *hn_watch_new(const struct hn_states *states);
void hn_watch_free(struct hn_watch *w);

/* How closely an execution is watched: looks are slow. */
enum hn_watch_how {
    HN_WATCH_COUNT,   /* not at all; only how long nothing happens is counted */
    HN_WATCH_PATIENT, /* when nothing has happened for long */
    HN_WATCH_EAGER,   /* whenever nothing seems to happen */
};
/* An execution begins. */
void hn_watch_begin(struct hn_watch *w, enum hn_watch_how how);
/* Before a choice. True: it goes round, go_control_livelock is told, and the
   choice is GO_NOWHERE. */
bool hn_watch_moment(struct hn_watch *w);
/* This step is taken. */
void hn_watch_took(struct hn_watch *w, const struct go_step *steps, uint32_t n,
                   uint32_t k);
/* A choice that is no step: a number is drawn. */
void hn_watch_break(struct hn_watch *w);

/* So far. One takes the time of some hundred steps. */
uint64_t hn_watch_looks(const struct hn_watch *w);
/* Steps in a row that have brought nothing, as far as steps show that. */
uint32_t hn_watch_idle(const struct hn_watch *w);
/* After hn_watch_moment was true: of who does what, wherever it begins. */
uint64_t hn_watch_signature(const struct hn_watch *w);
/* And the choices between the two moments: from .. to - 1. */
struct hn_round {
    uint32_t from, to; /* to 0: there is none */
};
struct hn_round hn_watch_round(const struct hn_watch *w);
/* An execution begins of which it is known already: it is told without a
   look. */
void hn_watch_begin_known(struct hn_watch *w, struct hn_round round);

#endif

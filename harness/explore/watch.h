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

/* What it begins with: what is asked at each choice. */
struct hn_watch_head {
    bool alert;    /* hn_watch_moment has something to do */
    bool close;    /* so has hn_watch_took, whatever the step is */
    uint32_t at;   /* choices so far */
    uint32_t idle; /* that have brought nothing: HN_WATCH_EMPTY each */
    bool held;     /* what goes round is not told yet: hn_watch_hold */
};
enum {
    HN_WATCH_EMPTY = 4
};
struct hn_watch;
static inline struct hn_watch_head *hn_watch_head(struct hn_watch *w)
{
    return (struct hn_watch_head *)w;
}

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
/* Whether any step could be one that has to be seen. */
static inline bool hn_watch_alert(struct hn_watch *w)
{
    return hn_watch_head(w)->alert || hn_watch_head(w)->close;
}
/* Before a choice. True: it goes round, go_control_livelock is told, and the
   choice is GO_NOWHERE. */
bool hn_watch_moment_slow(struct hn_watch *w);
static inline bool hn_watch_moment(struct hn_watch *w)
{
    return __builtin_expect(hn_watch_head(w)->alert, 0) &&
           hn_watch_moment_slow(w);
}
/* Locks, releases and stores: they count neither as idle nor as a change. */
enum {
    HN_WATCH_NEUTRAL = 1 << GO_OP_LOCK | 1 << GO_OP_UNLOCK | 1 << GO_OP_RLOCK |
                       1 << GO_OP_WLOCK | 1 << GO_OP_ACQUIRE |
                       1 << GO_OP_RELEASE | 1 << GO_OP_STORE,
};
/* What changes more than memory shows, in each case: a loop of these is no
   livelock, and they bring nothing new to see. */
#define HN_WATCH_MOVES                                                         \
    (1ull << GO_OP_SEND | 1ull << GO_OP_RECV | 1ull << GO_OP_CLOSE |           \
     1ull << GO_OP_ADD | 1ull << GO_OP_WAIT | 1ull << GO_OP_COND_WAIT |        \
     1ull << GO_OP_SIGNAL | 1ull << GO_OP_BROADCAST | 1ull << GO_OP_BARRIER |  \
     1ull << GO_OP_CANCEL | 1ull << GO_OP_CONTEXT | 1ull << GO_OP_TIMER |      \
     1ull << GO_OP_SLEEP | 1ull << GO_OP_IO)
/* This step is taken. */
void hn_watch_took_slow(struct hn_watch *w, const struct go_step *steps,
                        uint32_t n, uint32_t k);
static inline void hn_watch_took(struct hn_watch *w,
                                 const struct go_step *steps, uint32_t n,
                                 uint32_t k)
{
    const struct go_point *p = steps[k].point;

    if (__builtin_expect(p && p->op < 31 && HN_WATCH_NEUTRAL >> p->op & 1 &&
                             !hn_watch_head(w)->close,
                         1))
        hn_watch_head(w)->at++;
    else
        hn_watch_took_slow(w, steps, n, k);
}
/* So many neutral ones and moves were, while there was no alert. */
void hn_watch_moved(struct hn_watch *w);
static inline void hn_watch_drew(struct hn_watch *w, uint32_t n, bool moved)
{
    hn_watch_head(w)->at += n;
    if (moved)
        hn_watch_moved(w);
}
/* A choice that is no step: a number is drawn. */
void hn_watch_break(struct hn_watch *w);

/* So far. One takes the time of some hundred steps. */
uint64_t hn_watch_looks(const struct hn_watch *w);
/* Steps in a row that have brought nothing, as far as steps show that. */
static inline uint32_t hn_watch_idle(struct hn_watch *w)
{
    return hn_watch_head(w)->idle / HN_WATCH_EMPTY;
}
/* After hn_watch_moment was true: of who does what, wherever it begins. */
uint64_t hn_watch_signature(const struct hn_watch *w);
/* And the choices between the two moments: from .. to - 1. */
struct hn_round {
    uint32_t from, to; /* to 0: there is none */
};
struct hn_round hn_watch_round(const struct hn_watch *w);
/* While it is held no round is told: what a schedule asks for is yet to be
   done. From each begin on it is not. */
static inline void hn_watch_hold(struct hn_watch *w, bool held)
{
    hn_watch_head(w)->held = held;
}
/* An execution begins of which it is known already: it is told without a
   look. */
void hn_watch_begin_known(struct hn_watch *w, struct hn_round round);

#endif

/*
 * starve.h - who tries again and again in vain, while others get it each time.
 *
 * Starving is told of executions in which everybody goes on in turn (a
 * strategy that is fair), and means: HN_STARVE_ROUNDS times in a row
 * somebody's try of the same place (a try of a lock or a unit, a compare and
 * swap, a select or a try of a channel that took its default) failed, and each
 * time somebody else had got just that since the try before. Between two tries
 * it has done nothing but look, yield, sleep, lock, unlock and store. That is
 * a fact about one execution, and no failure: it may end well.
 *
 * Who waits in a queue does not starve: in turn everybody is served.
 */
#ifndef HN_EXPLORE_STARVE_H
#define HN_EXPLORE_STARVE_H

#include <vigil/control.h>

#include "harness/explore/did.h"

enum {
    HN_STARVE_ROUNDS = 1000,
    HN_STARVE_WISHES = 16, /* that are followed at a time */
    HN_STARVE_KEYS = 4,    /* channels of a select */
    HN_STARVE_BY = 4,      /* places of others that are told */
    HN_STARVED_TEXT = 1024
};

/* Who did what where, and how often. */
struct hn_starve_deed {
    struct hn_did did;
    uint32_t times;
};

/* The worst that was seen; plain data, for shared memory. */
struct hn_starved {
    uint64_t schedule;         /* its number, from 1; 0: nobody starved */
    struct hn_starve_deed who; /* times: rounds */
    uint32_t nby;
    struct hn_starve_deed by[HN_STARVE_BY]; /* that got it, most often first */
};

/* A step's point, kept beyond it, and how often it came. */
struct hn_starve_place {
    struct go_point at;
    uint32_t times;
};

/* What somebody tries to get, and has not. */
struct hn_starve_wish {
    struct hn_starve_place who; /* times: rounds */
    const void *keys[HN_STARVE_KEYS];
    uint32_t nkeys;
    uint32_t sends; /* bits: which keys are channels that it would send to */
    bool passed;    /* somebody has got it since the last try */
    uint32_t nby;
    struct hn_starve_place by[HN_STARVE_BY]; /* the first ones */
};

struct hn_starve { /* zero is ready */
    struct hn_starve_wish wishes[HN_STARVE_WISHES];
    uint32_t n;
    struct hn_starve_wish worst; /* of those that are over */
    struct hn_starve_wish now;   /* the last step, until the next one comes */
    struct go_point partner;     /* that it met, */
    bool met, failed, any;       /* if it did */
};

/* An execution begins. */
void hn_starve_begin(struct hn_starve *s);
/* This step is taken. */
void hn_starve_took(struct hn_starve *s, const struct go_step *step);
/* GO_NOTE_FAILED: of the last one. */
void hn_starve_failed(struct hn_starve *s, uint32_t task);
/* It is over, the schedule of that number; keeps who starved, if nobody has
   before. */
void hn_starve_end(struct hn_starve *s, uint64_t schedule,
                   struct hn_starved *to);

/* The warning, "starvation: ..."; "": nobody starved. It allocates. */
void hn_starved_text(const struct hn_starved *s, char *to, size_t n);

#endif

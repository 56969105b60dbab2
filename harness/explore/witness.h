/*
 * witness.h - the choices of a run as they are taken: told line by line, and
 * compared with those of a file.
 */
#ifndef HN_EXPLORE_WITNESS_H
#define HN_EXPLORE_WITNESS_H

#include "harness/explore/follow.h"
#include "harness/explore/schedfile.h"
#include "harness/explore/trace.h"

struct hn_witness {
    int fd; /* where lines go, each before its step is done; -1: nowhere */
    const struct hn_schedfile *steps; /* that are to be taken; NULL: any */
    bool endless; /* and in the file it may be over sooner, or later */
    struct hn_trace trace;
};

/* Choice at is steps[k]; or the number k of 0..n-1 is drawn. False: it is to
   be another by the file, which f->misfit says now. */
bool hn_witness_step(struct hn_witness *w, struct hn_follow *f, uint32_t at,
                     const struct go_step *step);
bool hn_witness_number(struct hn_witness *w, struct hn_follow *f, uint32_t at,
                       uint32_t task, uint32_t k, uint32_t n);
/* The execution is over: likewise. */
bool hn_witness_end(struct hn_witness *w, struct hn_follow *f);

#endif

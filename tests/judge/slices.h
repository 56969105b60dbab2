/*
 * slices.h - random programs, known by their seeds, are played: slice by slice,
 * each in a process of its own, so that a crash takes little with it.
 */
#ifndef TESTS_JUDGE_SLICES_H
#define TESTS_JUDGE_SLICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SLICES_JOBS = 64,    /* at most */
    SLICES_PATIENCE = 20 /* seconds for what is played together */
};

/* One at work; shared with its process. */
struct slice {
    uint64_t seed, end;                        /* seed: at which it is */
    bool failed;                               /* for play to say */
    char score[] __attribute__((aligned(16))); /* zeroes at first */
};

struct slices {
    const char *name;               /* of the judge */
    unsigned jobs;                  /* processes at a time */
    uint64_t length;                /* seeds of a slice */
    uint64_t step;                  /* of them are played together */
    size_t score;                   /* bytes */
    void (*play)(struct slice *s);  /* those from s->seed on, in the process */
    void (*add)(const void *score); /* what a process has come to */
    void (*broken)(void);           /* what was played together has ended it */
};

/* All of first .. end - 1; false: a slice has failed, or was broken. */
bool slices_play(const struct slices *s, uint64_t first, uint64_t end);

#endif

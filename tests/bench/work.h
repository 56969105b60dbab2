/*
 * work.h - what the rows of the benchmark are, and how it asks for them.
 */
#ifndef TESTS_BENCH_WORK_H
#define TESTS_BENCH_WORK_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <vigil/go.h>

/* ---- the work (work.c), in a goroutine ---- */

struct row {
    const char *name;
    void (*work)(long n);
    long n;     /* operations, by default */
    long per;   /* what is divided by: 0: n, else this (1: the whole) */
    long chunk; /* operations at a time, in stretches; 0: all */
};
extern const struct row work_rows[];
extern const size_t work_nrows;

/* Prints what memory each of n goroutines holds while it waits, in bytes. */
void work_resident(long n);

/* ---- the floor of two workers (work_line.c), in no goroutine ---- */

/* A line of the cache there and back, between two threads, in ns. */
double work_line(void);

static inline int64_t on_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec * GO_SECOND + t.tv_nsec;
}

#endif

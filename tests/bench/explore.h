/*
 * explore.h - what the rows of explore.c are measured by.
 *
 * n: sections of each of three tasks; of counts of locks 100 * tasks +
 * sections; of others as their names say, or nothing.
 */
#ifndef TESTS_BENCH_EXPLORE_H
#define TESTS_BENCH_EXPLORE_H

#include <stdbool.h>

enum {
    ROUNDS = 9,
    REPLAYS = 1000,
};

/* What a row found: its median, and how far the others were from it. */
struct found {
    double value, low, high;
    const char *unit;
    bool ok;
};

/* Of so many. */
struct found found_middle(double *v, int n, const char *unit);

/* ---- of executions in this process (explore_within.c) ---- */

struct found count_lockers(int n);
struct found count_producers(int n);
struct found count_philosophers(int n);
struct found count_workers(int n);
struct found sleeps(int n);
struct found replays(int n);

/* ---- of the command (explore_command.c) ---- */

/* It, and the programs that it explores. */
extern const char *vigil, *scenarios, *lockers_program;
/* Who does the same work (tests/bench/shuttle); NULL: is not here. */
extern const char *shuttle;

struct found random_lockers(int n);
struct found decision(int n);
struct found dpor_lockers(int n);
struct found times_shuttle(int n);
struct found longest_token(int n);
struct found deviations(int n);
struct found shrinking(int n);

#endif

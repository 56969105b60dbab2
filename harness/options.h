/*
 * options.h - the command line of vigil and of scenario programs.
 */
#ifndef HN_OPTIONS_H
#define HN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum hn_exit { /* the exit statuses of the README */
    HN_EXIT_EXPECTED = 0,
    HN_EXIT_NOT_EXPECTED = 1,
    HN_EXIT_USAGE = 2,
    HN_EXIT_FAILED = 3, /* vigil itself */
};

enum hn_command {
    HN_RUN,
    HN_LIST,
    HN_GRAPH,
    HN_EXPLORE,
    HN_REPLAY,
    HN_SCORE,
};

enum hn_format_kind {
    HN_TEXT_FORMAT,
    HN_JSON_FORMAT,
    HN_MARKDOWN_FORMAT /* of score */
};
enum hn_color {
    HN_COLOR_AUTO,
    HN_COLOR_ALWAYS,
    HN_COLOR_NEVER
};

/* What becomes of a schedule that does not fit any more. */
enum hn_follow_mode {
    HN_STRICT, /* the first difference is told */
    HN_LOOSE,  /* what cannot be done is left out */
    HN_PREFIX  /* it must fit; behind it others are explored */
};

struct hn_baseline; /* baseline.h */

struct hn_options {
    enum hn_command command;
    char **paths; /* what stands behind the command */
    int npaths;
    const char *filter; /* NULL: all */
    int jobs;           /* runs at a time; default: processors */
    int procs;          /* workers of a run; 0: as the scenario says */
    int repeat;
    int64_t timeout; /* ns; 0: as the scenario says */
    uint64_t seed;   /* of the first run; drawn when not given */
    uint64_t memory; /* bytes that a run may keep resident */
    bool strict;
    enum hn_format_kind format;
    const char *baseline_file;    /* NULL: none */
    struct hn_baseline *baseline; /* what was read of it; it counts */
    const char *output;           /* NULL: standard output */
    enum hn_color color;
    bool quiet, verbose;
    const char *strategy; /* of an exploration: "default" */
    int seeds;            /* of score: how many, one after the other */
    uint64_t schedules;   /* the most of one; 0: as the command has it */
    bool quiescent;       /* no timer fires early */
    bool all;             /* goes on after a failure, for others */
    bool fifo;            /* who waits first is served first */
    bool apart;           /* a process for each execution */
    bool races_fail;      /* a data race is not as expected */
    const char *token;    /* of replay; then among paths no more */
    const char *sched;    /* the file that it is from; NULL: none */
    enum hn_follow_mode follow;
    bool gdb;         /* replay: within the debugger */
    const char *save; /* explore: where the schedule goes in full */
    const char *self; /* argv[0] */
    bool own;         /* a scenario program: works on its own scenarios */
};

/*
 * Fills *o. Returns -1 to go on; else the exit status: help was printed, or
 * one line that says what is wrong and what would be right.
 */
int hn_options_parse(int argc, char **argv, bool own, struct hn_options *o);

#endif

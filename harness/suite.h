/*
 * suite.h - the scenarios that a command works on, gathered from programs.
 */
#ifndef HN_SUITE_H
#define HN_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>
#include <vigil/scenario.h>

/* One scenario as its program told of it; all strings are its own. */
struct hn_scenario {
    char *program; /* as a person would write its path */
    char *exec;    /* what is executed: the same, or /proc/self/exe */
    char *group;   /* the folder of the program */
    char *label;   /* short: name, or program:name where they differ */
    char *name;
    char *file; /* of the source */
    char *about;
    char *origin;
    char *class;
    int line;
    int procs;
    int64_t timeout; /* ns */
    bool explore;
    struct go_expect expect;
};

struct hn_suite { /* zero is ready */
    struct hn_scenario *all;
    size_t n, cap;
};

#define HN_SUITE_WHY 512
/*
 * Adds what is behind path: PROGRAM, PROGRAM:NAME, a folder (recursively), or
 * a source file or folder whose programs are built beside the command. 0, or
 * -errno with one line in why; -ENOENT: no such thing.
 */
int hn_suite_add_path(struct hn_suite *s, const char *path,
                      char why[HN_SUITE_WHY]);
/* Adds what the project ships: scenarios/ beside the command or installed. */
int hn_suite_add_shipped(struct hn_suite *s, char why[HN_SUITE_WHY]);
/* Adds this program's own; name NULL: all. program: how it was called. */
int hn_suite_add_own(struct hn_suite *s, const char *program, const char *name,
                     char why[HN_SUITE_WHY]);
/* Keeps those whose name, label or PATH:NAME matches the glob. */
void hn_suite_filter(struct hn_suite *s, const char *glob);
/* Keeps those of that very name. */
void hn_suite_keep(struct hn_suite *s, const char *name);
void hn_suite_free(struct hn_suite *s);

/*
 * Adds one, which it takes over, with the fields that tell where it stands.
 * program: as a person writes it; exec: what is executed. 0 or -ENOMEM.
 */
int hn_suite_append(struct hn_suite *s, const char *program, const char *exec,
                    struct hn_scenario one);
/* Prints the line for why; returns err. */
int hn_suite_complain(char why[HN_SUITE_WHY], int err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void hn_scenario_free(struct hn_scenario *s);

/* The fields that tell an expectation. */
void hn_expect_to_json(json_t *line, const struct go_expect *expect);
/*
 * One line of "list --format json", vigil-list/1, and back: 0 or -errno.
 * scenarios: of how many lines it is one; 0: its program does not tell.
 */
json_t *hn_scenario_to_json(const struct hn_scenario *s, size_t scenarios);
int hn_scenario_from_json(const json_t *line, struct hn_scenario *s,
                          size_t *scenarios);
/* What such a line begins with. */
#define HN_SCENARIO_LINE "{\"schema\":\"vigil-list/1\""

#endif

/*
 * outcome.h - what came of an execution, and sets of that.
 *
 * An outcome is what a program could tell afterwards: how it ended, what each
 * task saw, and at which operation it was left. After a panic that is only
 * what the task knew that panicked: where the others were is no news.
 */
#ifndef ORACLE_OUTCOME_H
#define ORACLE_OUTCOME_H

#include <stdio.h>
#include <vigil/control.h>

#include "tests/oracle/program.h"

enum {
    LOG = 3 * OPS, /* bytes that a task notes at most */
    UNBORN = 0xfe, /* as a place in a task's operations */
    NOBODY = 0xff,
};

/* Panics, by their words. */
enum fault {
    FAULT_NONE,
    FAULT_SEND_CLOSED,
    FAULT_CLOSE_CLOSED,
    FAULT_CLOSE_NIL,
    FAULT_NEGATIVE,
    FAULT_REUSED,
    FAULT_OTHER,
};

/* Plain bytes, all of them set: compared as memory. */
struct outcome {
    uint8_t end;       /* enum go_end */
    uint8_t fault;     /* enum fault */
    uint8_t who;       /* panicked, or NOBODY */
    uint8_t at[TASKS]; /* the operation; their number: it has ended */
    uint8_t nlog[TASKS];
    uint8_t log[TASKS][LOG];
    /* The objects, in the end. */
    uint8_t count, units, value[ATOMICS];
};

enum fault outcome_fault(const char *message);
/* Of o, a panic, only what its task knew. */
void outcome_cut(struct outcome *o);
void outcome_print(FILE *to, const struct outcome *o, const struct program *p);

/* A set; zeroed: empty. Memory stays when it is emptied. */
struct outcomes {
    struct outcome *all; /* as they came */
    uint32_t n, room;
    uint32_t *slot; /* hashed, number + 1; 0: free */
    uint32_t slots;
};
/* Whether it is new. */
bool outcomes_add(struct outcomes *s, const struct outcome *o);
bool outcomes_have(const struct outcomes *s, const struct outcome *o);
void outcomes_empty(struct outcomes *s);
void outcomes_free(struct outcomes *s);
/* How many of a are not in b; the first of them to *one, if there is any. */
uint32_t outcomes_missing(const struct outcomes *a, const struct outcomes *b,
                          const struct outcome **one);

#endif

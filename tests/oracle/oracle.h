/*
 * oracle.h - judges one program after the other, and counts.
 */
#ifndef ORACLE_ORACLE_H
#define ORACLE_ORACLE_H

#include <stdint.h>

#include "tests/oracle/outcome.h"

/* What is compared with all outcomes that brute force finds. */
enum check {
    CHECK_MODEL,  /* the same, by Go's rules */
    CHECK_DPOR,   /* the same, by fewer executions */
    CHECK_WALKS,  /* some of them, by every strategy there is */
    CHECK_PLAIN,  /* one of them, by an ordinary run */
    CHECK_QUEUES, /* some of them, by all orders of arrival */
    CHECK_COUNT
};
const char *check_text(enum check c);

struct tally {
    uint64_t programs, skipped; /* skipped: too many schedules */
    uint64_t executions, outcomes;
    uint64_t panics, stuck; /* programs with such an outcome */
    /* Programs with an outcome that only brute force has, or only the model,
       and why is known (oracle.c). */
    uint64_t beyond, limits;
    struct {
        uint64_t programs, executions;
        uint64_t missed;   /* programs of which it lost an outcome */
        uint64_t invented; /* or had one that brute force has not */
    } of[CHECK_COUNT];
};
void oracle_add(struct tally *to, const struct tally *s);

struct rules {
    uint64_t most;   /* executions of a program, else it is skipped */
    uint64_t orders; /* see program_make */
    uint32_t early;  /* timers that may: then dpor and walks only */
    unsigned checks; /* a bit for each */
    unsigned sample; /* all but model and dpor: of one program in so many */
    unsigned walks;  /* executions of each strategy */
    FILE *tell;      /* where what is wrong is explained; NULL: nowhere */
};
extern const struct rules oracle_rules; /* for a start */

/* Plays the seed's program; false: something is wrong. */
bool oracle_one(struct tally *s, uint64_t seed, const struct rules *r);

#endif

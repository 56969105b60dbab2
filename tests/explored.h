/*
 * explored.h - all that a body can do, by brute force and by the search.
 *
 * What an execution did is how it ended, what the body noted (explored_saw),
 * and what everybody stands at in the end; of a panic only its words, for it
 * cuts the others off wherever they are.
 */
#ifndef TESTS_EXPLORED_H
#define TESTS_EXPLORED_H

#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "harness/explore/dpor.h"
#include "tests/driven.h"
#include "tests/strategic.h"

enum {
    EXPLORED_SAW = 16,
    EXPLORED_TASKS = 16,
    EXPLORED_MOST = 4096 /* outcomes of a body */
};

/* What bodies note, each task in places of its own. */
static int explored_saw[EXPLORED_SAW];

struct explored_outcome {
    int end;
    int saw[EXPLORED_SAW];
    int at[EXPLORED_TASKS]; /* enum go_op */
    char panic[64];
};

struct explored {
    struct explored_outcome all[EXPLORED_MOST];
    int n;
    uint64_t executions;
    bool complete;
};

static struct explored explored_brute, explored_clever;

static inline void explored_reset(void *arg)
{
    (void)arg;
    memset(explored_saw, 0, sizeof(explored_saw));
}

static inline bool explored_has(const struct explored *x,
                                const struct explored_outcome *o)
{
    for (int i = 0; i < x->n; i++)
        if (memcmp(&x->all[i], o, sizeof(*o)) == 0)
            return true;
    return false;
}

static inline void explored_each(void *arg, const struct go_execution *e)
{
    struct explored *x = arg;
    struct explored_outcome o;

    if (e->end == GO_END_BOUND)
        return; /* the search has cut it off itself */
    memset(&o, 0, sizeof(o));
    o.end = e->end;
    if (e->end == GO_END_PANIC) {
        strncpy(o.panic, e->panic, sizeof(o.panic) - 1);
    } else {
        memcpy(o.saw, explored_saw, sizeof(o.saw));
        for (uint32_t t = 0; t < EXPLORED_TASKS; t++) {
            const struct go_point *p = go_control_point(t);

            o.at[t] = p ? p->op : GO_OP_NONE;
        }
    }
    if (explored_has(x, &o))
        return;
    cr_assert_lt(x->n, EXPLORED_MOST, "too many outcomes");
    x->all[x->n++] = o;
}

/* What brute force takes for steps from the beginning on: enum go_more. */
static uint32_t explored_begins;

/* Both, with so many timers that may fire early. */
static inline void explored_run_early(void (*body)(void), uint32_t early)
{
    static struct driven d;
    struct strategic t = {.kind = &hn_dpor,
                          .most = 200000,
                          .early = early,
                          .each = explored_each,
                          .reset = explored_reset,
                          .arg = &explored_clever};

    memset(&d, 0, sizeof(d));
    d.early = early;
    d.begins = d.more = explored_begins;
    d.each = explored_each;
    d.reset = explored_reset;
    d.arg = &explored_brute;
    explored_brute.n = explored_clever.n = 0;
    explored_reset(NULL);
    driven_run(&d, body);
    explored_brute.executions = d.executions;
    explored_brute.complete = d.complete;
    explored_reset(NULL);
    strategic_run(&t, body);
    explored_clever.executions = t.executions;
    explored_clever.complete = t.complete;
}

/* How many outcomes the search has missed. */
static inline int explored_missed(void)
{
    int missed = 0;

    for (int i = 0; i < explored_brute.n; i++)
        missed += !explored_has(&explored_clever, &explored_brute.all[i]);
    return missed;
}

/* Random programs, which make makes of 1, 2, ...: nothing is missed. How many
   executions less the search takes. */
static inline uint64_t explored_random(void (*make)(uint64_t seed),
                                       void (*body)(void), uint64_t programs)
{
    uint64_t brute = 0, clever = 0;

    for (uint64_t seed = 1; seed <= programs; seed++) {
        make(seed);
        explored_run_early(body, 0);
        cr_assert(explored_brute.complete && explored_clever.complete);
        cr_assert_eq(explored_missed(), 0, "seed %d: %d of %d are missed",
                     (int)seed, explored_missed(), explored_brute.n);
        brute += explored_brute.executions;
        clever += explored_clever.executions;
    }
    cr_assert_leq(clever, brute);
    cr_log_info("%d programs, %lu executions by brute force, %lu by the search",
                (int)programs, (unsigned long)brute, (unsigned long)clever);
    return brute - clever;
}

/* Both have all, and what they have is so many outcomes. */
static inline void explored_same(const char *what, void (*body)(void),
                                 uint32_t early, int outcomes)
{
    explored_run_early(body, early);
    cr_assert(explored_brute.complete && explored_clever.complete, "%s", what);
    cr_assert_eq(explored_brute.n, outcomes, "%s has %d outcomes", what,
                 explored_brute.n);
    cr_assert_eq(explored_missed(), 0, "%s: %d of %d are missed in %d of %d",
                 what, explored_missed(), outcomes,
                 (int)explored_clever.executions,
                 (int)explored_brute.executions);
    cr_assert_eq(explored_clever.n, outcomes, "%s: one is new", what);
    /* One more where it had to begin again. */
    cr_assert_leq(explored_clever.executions, explored_brute.executions + 1,
                  "%s: it takes longer than brute force", what);
}

#endif

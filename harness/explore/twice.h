/*
 * twice.h - whether the same choices come to the same steps again.
 *
 * The first executions of a search are each done twice. What differs the
 * second time depends on more than the choices: the scenario is not
 * deterministic, and whatever is claimed of it by trying all is wrong.
 */
#ifndef HN_EXPLORE_TWICE_H
#define HN_EXPLORE_TWICE_H

#include "harness/explore/trace.h"

enum {
    HN_TWICE_TIMES = 3, /* executions */
    HN_TWICE_LINE = 100,
    HN_TWICE_BEFORE = 8
};

/* The first step that is another; plain data, for shared memory. */
struct hn_differs {
    bool differs;
    uint32_t at;                                /* its number, from 0 */
    char was[HN_TWICE_LINE], is[HN_TWICE_LINE]; /* words of trace.h */
    uint32_t nbefore;
    char before[HN_TWICE_BEFORE][HN_TWICE_LINE]; /* the steps that led there */
};
/* The usual suspects, in words. */
extern const char hn_differs_suspects[];

struct hn_twice {          /* zero, and then begin */
    struct hn_differs *to; /* filled at the first difference */
    uint32_t left;         /* executions that are yet to be done twice */
    bool again;            /* this is one's second time */
    bool spoilt;           /* it is too long, or there is no memory */
    struct hn_trace trace;
    struct hn_twice_choice *all; /* of the first time */
    uint32_t n;
};

void hn_twice_init(struct hn_twice *t, struct hn_differs *to);
void hn_twice_free(struct hn_twice *t);
/* An execution begins; again: the one before once more. */
void hn_twice_begin(struct hn_twice *t, bool again);

/* Whether it has to see each step that is taken. */
static inline bool hn_twice_notes(const struct hn_twice *t)
{
    return t->left && !t->spoilt;
}
/* The first time: what is taken. */
void hn_twice_step_slow(struct hn_twice *t, const struct go_step *steps,
                        uint32_t k);
static inline void hn_twice_step(struct hn_twice *t,
                                 const struct go_step *steps, uint32_t k)
{
    if (__builtin_expect(hn_twice_notes(t), 0))
        hn_twice_step_slow(t, steps, k);
}
void hn_twice_number(struct hn_twice *t, uint32_t task, uint32_t k, uint32_t n);
/* The second time: what was. GO_NOWHERE, or 0: it is another. */
uint32_t hn_twice_choose(struct hn_twice *t, const struct go_step *steps,
                         uint32_t n);
uint32_t hn_twice_draw(struct hn_twice *t, uint32_t task, uint32_t n);

/* It is over by itself. True: it is to be done again. */
bool hn_twice_over(struct hn_twice *t);

#endif

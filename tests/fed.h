/*
 * fed.h - steps by hand, for a strategy without a runtime below it.
 */
#ifndef TESTS_FED_H
#define TESTS_FED_H

#include <criterion/criterion.h>

#include "harness/explore/strategy.h"

/* One step that can be done, of a task that stands at op on object. */
struct fed {
    uint32_t task;
    enum go_op op;
    const void *object;
    uint32_t partner; /* whom it meets; 0: nobody (main never is met here) */
};

enum {
    FED_MAX = 8
};

/* Whose step is taken; in the order of tasks, as the runtime has them. */
static inline uint32_t fed_choose(const struct hn_strategy_kind *kind,
                                  struct hn_strategy *s, const struct fed *fed,
                                  uint32_t n)
{
    struct go_point points[FED_MAX];
    struct go_step steps[FED_MAX];
    uint32_t k;

    for (uint32_t i = 0; i < n; i++) {
        points[i] = (struct go_point){.task = fed[i].task,
                                      .op = (uint16_t)fed[i].op,
                                      .object = fed[i].object};
        steps[i] = (struct go_step){.point = &points[i],
                                    .which = -1,
                                    .partner = fed[i].partner ? fed[i].partner
                                                              : GO_NOWHERE,
                                    .partner_which = fed[i].partner ? 0 : -1};
    }
    k = kind->choose(s, steps, n);
    cr_assert_lt(k, n);
    return fed[k].task;
}
#define FED(kind, s, ...)                                                      \
    fed_choose((kind), (s), (const struct fed[]){__VA_ARGS__},                 \
               sizeof((const struct fed[]){__VA_ARGS__}) / sizeof(struct fed))

/* An execution is over, and ended well. */
static inline void fed_end(const struct hn_strategy_kind *kind,
                           struct hn_strategy *s, uint64_t steps)
{
    const struct go_execution e = {.end = GO_END_CLEAN, .steps = steps};

    cr_assert(kind->end(s, &e));
}

#endif

/*
 * fed.h - steps by hand, for a strategy without a runtime below it.
 */
#ifndef TESTS_FED_H
#define TESTS_FED_H

#include <criterion/criterion.h>
#include <vigil/chan.h>

#include "harness/explore/strategy.h"

/* One step that can be done, of a task that stands at op on object. */
struct fed {
    uint32_t task;
    enum go_op op;
    const void *object;
    uint32_t partner; /* whom it meets; 0: nobody (main never is met here) */
    const struct go_case *only; /* of a channel operation, or NULL */
};

enum {
    FED_MAX = 8,
    FED_CLOCK = 1000 /* as a task: the clock; the last in the list */
};

static uint32_t fed_way; /* which of its task's steps was taken last, from 0 */

/*
 * Whose step is taken. In the order of tasks, as the runtime has them; those
 * of one task are the ways of one point.
 */
static inline uint32_t fed_choose(const struct hn_strategy_kind *kind,
                                  struct hn_strategy *s, const struct fed *fed,
                                  uint32_t n)
{
    struct go_point points[FED_MAX] = {{0}};
    struct go_step steps[FED_MAX] = {{0}};
    uint32_t k;

    for (uint32_t i = 0; i < n; i++) {
        points[i] = (struct go_point){.task = fed[i].task,
                                      .op = (uint16_t)fed[i].op,
                                      .object = fed[i].object,
                                      .cases = fed[i].only,
                                      .ncase = fed[i].only ? 1 : 0};
        steps[i] = (struct go_step){.point = &points[i],
                                    .which = fed[i].only ? 0 : -1,
                                    .partner = fed[i].partner ? fed[i].partner
                                                              : GO_NOWHERE,
                                    .partner_which = fed[i].partner ? 0 : -1};
        if (fed[i].task == FED_CLOCK)
            steps[i].point = NULL;
        if (i && fed[i].task == fed[i - 1].task)
            steps[i].point = steps[i - 1].point;
    }
    k = kind->choose(s, steps, n);
    cr_assert_lt(k, n);
    for (fed_way = 0; k > fed_way && fed[k - fed_way - 1].task == fed[k].task;)
        fed_way++;
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

/*
 * tasks.h - which tasks have which numbers, told from one process to another.
 *
 * Numbers are given as tasks are met (go_task_child), and steps come in their
 * order: choices that are kept as numbers of steps mean the same only where
 * tasks have the same numbers. Plain data, for shared memory.
 */
#ifndef HN_EXPLORE_TASKS_H
#define HN_EXPLORE_TASKS_H

#include <vigil/control.h>

enum {
    HN_TASKS_MAX = 1 << 14
};

struct hn_tasks { /* zero is ready */
    uint32_t n;
    struct {
        uint32_t parent, nth;
    } all[HN_TASKS_MAX]; /* but main */
};

/* All that this process knows by now. */
void hn_tasks_learn(struct hn_tasks *t);
/* Gives this process the same numbers; it has met no others before. */
void hn_tasks_take(const struct hn_tasks *t);

/* Before a choice, as far as it costs next to nothing. */
static inline void hn_tasks_meet(struct hn_tasks *t,
                                 const struct go_step *steps, uint32_t n)
{
    const struct go_point *p = steps[n - 1].point;

    if (!p && n > 1) /* the clock's is the last */
        p = steps[n - 2].point;
    if (p && __builtin_expect(p->task >= t->n, 0))
        hn_tasks_learn(t);
}

#endif

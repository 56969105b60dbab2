/*
 * told.h - accesses that a test tells by itself, as instrumented code does, and
 * the races that come of them in all schedules of a body.
 */
#ifndef TESTS_TOLD_H
#define TESTS_TOLD_H

#include "tests/driven.h"

void __tsan_init(void);
void __tsan_read4(void *address);
void __tsan_write4(void *address);

/* The variable that everybody accesses, and its neighbour. */
static _Alignas(16) int told_x[4];

static inline void told_write(void)
{
    __tsan_write4(&told_x[0]);
    told_x[0]++;
}

static inline void told_read(void)
{
    __tsan_read4(&told_x[0]);
}

static struct go_waitgroup told_wg;

/* Two that do it, and main waits for both. */
static inline void told_both(void (*one)(void), void (*other)(void))
{
    told_wg = (struct go_waitgroup){0};
    go_waitgroup_go(&told_wg, one);
    go_waitgroup_go(&told_wg, other);
    go_waitgroup_wait(&told_wg);
}

struct told {
    uint64_t races, unseen, executions;
    struct go_race first;
    const char *what; /* the last that was unseen */
    bool complete;
};

static struct told told_all;

static inline void told_race(void *arg, const struct go_race *race)
{
    (void)arg;
    if (!told_all.races++)
        told_all.first = *race;
}

static inline void told_unseen(void *arg, const char *what)
{
    (void)arg;
    told_all.what = what;
    told_all.unseen++;
}

/* All schedules of a body; the races of all of them. */
static inline struct told told_run(void (*body)(void))
{
    static struct driven d;
    struct go_control control;

    d = (struct driven){.most = 100000};
    told_all = (struct told){0};
    control = DRIVEN_CONTROL(&d);
    control.race = told_race;
    control.unseen = told_unseen;
    __tsan_init();
    driven_run_by(&control, body);
    told_all.executions = d.executions;
    told_all.complete = d.complete;
    return told_all;
}

#define TOLD_NONE(body)                                                        \
    do {                                                                       \
        struct told t = told_run(body);                                        \
        cr_assert(t.complete && !t.unseen, #body);                             \
        cr_assert_eq(t.races, 0, #body ": a false race");                      \
    } while (0)
#define TOLD_SOME(body)                                                        \
    do {                                                                       \
        struct told t = told_run(body);                                        \
        cr_assert(t.complete && !t.unseen, #body);                             \
        cr_assert_gt(t.races, 0, #body ": no race");                           \
    } while (0)

#endif

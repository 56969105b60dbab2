/*
 * ordered.h - runs whose locks are taken in some order, and their hints.
 */
#ifndef TESTS_ORDERED_H
#define TESTS_ORDERED_H

#include "runtime/monitor/order.h"
#include "tests/ran.h"

static struct ran ran;
static struct go_mutex a, b, gate;
static struct go_rwmutex r, w;
static struct go_waitgroup wg;

static inline uint32_t hints(void (*body)(void))
{
    struct go_mutex none = {0};
    struct go_rwmutex no_rw = {0};

    a = b = gate = none;
    r = w = no_rw;
    memset(&wg, 0, sizeof(wg));
    ran_run(&ran, RAN_RUN(body));
    cr_assert_str_eq(ran.outcome.panic, "");
    cr_assert_eq(ran.outcome.leaked + ran.outcome.left, 0);
    cr_assert_eq(ran.status, 0);
    cr_assert_eq(ran.outcome.verdict,
                 ran.outcome.hints ? GO_VERDICT_LOCK_ORDER : GO_VERDICT_CLEAN);
    return ran.outcome.hints;
}

static inline void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static inline void later(void (*fn)(struct go_mutex *, struct go_mutex *),
                         struct go_mutex *first, struct go_mutex *second)
{
    go_sleep(GO_MILLISECOND);
    fn(first, second);
}

#endif

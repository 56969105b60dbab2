/*
 * outer.h - what programs with locks of the C library have in common: two of
 * them, and who takes both.
 */
#ifndef TESTS_HOSTILE_OUTER_H
#define TESTS_HOSTILE_OUTER_H

#include <pthread.h>
#include <time.h>
#include <vigil/scenario.h>

#include "tests/hostile/both.h"

#define MUST(what)                                                             \
    do {                                                                       \
        if (!(what))                                                           \
            go_panic("%s", "it is not so: " #what);                            \
    } while (0)

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static inline void with_both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    pthread_mutex_lock(first);
    pthread_mutex_lock(second);
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
}

static inline void a_then_b(void)
{
    with_both(&a, &b);
}

static inline void b_then_a(void)
{
    with_both(&b, &a);
}

/* So many seconds from now. */
static inline struct timespec in(clockid_t clock, time_t seconds)
{
    struct timespec t;

    clock_gettime(clock, &t);
    t.tv_sec += seconds;
    return t;
}

#endif

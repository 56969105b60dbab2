/*
 * rounds.h - loops that look as if nothing changed in them: two goroutines
 * that wait until more says no, and what more may be.
 */
#ifndef TESTS_HOSTILE_ROUNDS_H
#define TESTS_HOSTILE_ROUNDS_H

#include <vigil/scenario.h>

enum {
    ROUNDS = 2000
};

static inline void wait_while(bool (*more)(void *), void *arg)
{
    while (more(arg))
        go_yield();
}

static inline void both(bool (*more)(void *), void *arg)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, wait_while, more, arg);
    go_waitgroup_go(&wg, wait_while, more, arg);
    go_waitgroup_wait(&wg);
}

/* For each of them, and in each execution: what arg points to need not be set
   back. */
static inline bool counts(void *arg)
{
    return ++*(int *)arg % ROUNDS != 0;
}

static inline bool always(void *arg)
{
    (void)arg;
    return true;
}

#endif

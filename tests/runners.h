/*
 * runners.h - lockers.h's body, which notes in what order the sections come.
 */
#ifndef TESTS_RUNNERS_H
#define TESTS_RUNNERS_H

#include <vigil/go.h>

#include "tests/lockers.h"

static int runners_order[64], runners_done; /* who, and how many so far */

static inline void runners_one(int who, struct go_mutex *m)
{
    for (int i = 0; i < lockers_sections; i++) {
        go_mutex_lock(m);
        runners_order[runners_done++] = who;
        go_mutex_unlock(m);
    }
}

static inline void runners(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    runners_done = 0;
    for (int i = 0; i < lockers_tasks; i++)
        go_waitgroup_go(&wg, runners_one, i, &m);
    go_waitgroup_wait(&wg);
}

#endif

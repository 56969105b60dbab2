/*
 * lockers.h - the plainest body with many schedules: so many tasks with so
 * many critical sections each, of one lock. Its schedules are the orders of
 * the sections: (tasks * sections)! / sections!^tasks.
 */
#ifndef TESTS_LOCKERS_H
#define TESTS_LOCKERS_H

#include <vigil/go.h>

static int lockers_tasks = 2, lockers_sections = 3;

/* A critical section with nothing in it. */
static inline void lockers_section(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_mutex_unlock(m);
}

static inline void lockers_one(struct go_mutex *m, struct go_waitgroup *wg)
{
    for (int i = 0; i < lockers_sections; i++)
        lockers_section(m);
    go_waitgroup_done(wg);
}

static inline void lockers(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, lockers_tasks);
    for (int i = 0; i < lockers_tasks; i++)
        go(lockers_one, &m, &wg);
    go_waitgroup_wait(&wg);
}

#endif

/*
 * lockers.c - the bodies by which the rate of exploring is measured: three
 * tasks with so many critical sections each, of one lock.
 */
#include <vigil/scenario.h>

static void sections(struct go_mutex *m, struct go_waitgroup *wg, int n)
{
    for (int i = 0; i < n; i++) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
    go_waitgroup_done(wg);
}

static void three(int n)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 3);
    for (int i = 0; i < 3; i++)
        go(sections, &m, &wg, n);
    go_waitgroup_wait(&wg);
}

SCENARIO(lockers3, .about = "3 tasks x 3 locks")
{
    three(3);
}

SCENARIO(lockers4, .about = "3 tasks x 4 locks")
{
    three(4);
}

SCENARIO(lockers10, .about = "3 tasks x 10 locks")
{
    three(10);
}

/*
 * philosophers - the twins: forks in one order; or a waiter who seats four.
 *
 * Expected: CLEAN, and everybody has eaten. Origin: Dijkstra 1965.
 */
#include "scenarios/check.h"

enum {
    SEATS = 5,
    MEALS = 3
};

struct table {
    struct go_mutex fork[SEATS];
    struct go_semaphore waiter; /* seats that may be taken at once */
    struct go_atomic meals;
};

static void dine(struct table *t, int first, int second)
{
    for (int i = 0; i < MEALS; i++) {
        go_semaphore_acquire(&t->waiter, 1);
        go_mutex_lock(&t->fork[first]);
        go_sleep(GO_MILLISECOND);
        go_mutex_lock(&t->fork[second]);
        go_atomic_add(&t->meals, 1);
        go_mutex_unlock(&t->fork[second]);
        go_mutex_unlock(&t->fork[first]);
        go_semaphore_release(&t->waiter, 1);
    }
}

SCENARIO(philosophers_ordered, .about = "five philosophers, lower fork first",
         .origin = "Dijkstra 1965")
{
    struct table t = {.waiter = GO_SEMAPHORE(SEATS)};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < SEATS - 1; i++)
        go_waitgroup_go(&wg, dine, &t, i, i + 1);
    go_waitgroup_go(&wg, dine, &t, 0, SEATS - 1);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&t.meals), SEATS * MEALS);
}

SCENARIO(philosophers_waiter, .about = "five philosophers, four at the table",
         .origin = "Dijkstra 1965")
{
    struct table t = {.waiter = GO_SEMAPHORE(SEATS - 1)};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < SEATS; i++)
        go_waitgroup_go(&wg, dine, &t, i, (i + 1) % SEATS);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&t.meals), SEATS * MEALS);
}

static void dine_once(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

/* Three, so that all schedules can be tried. */
SCENARIO(philosophers_unlucky, .about = "lower fork first, nobody waits for it",
         .explore = true, .origin = "Dijkstra 1965")
{
    struct go_mutex fork[3] = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, dine_once, &fork[0], &fork[1]);
    go_waitgroup_go(&wg, dine_once, &fork[1], &fork[2]);
    go_waitgroup_go(&wg, dine_once, &fork[0], &fork[2]);
    go_waitgroup_wait(&wg);
}

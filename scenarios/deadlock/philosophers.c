/*
 * philosophers - five philosophers, each takes the left fork first.
 *
 * Pattern: hold and wait in a ring. Expected: DEADLOCK; the sleep lets all
 * have their left fork. The try-lock variant is a livelock: see livelock/.
 * Origin: Dijkstra 1965.
 */
#include <vigil/scenario.h>

enum {
    SEATS = 5,
    MEALS = 3
};

static void dine(struct go_mutex *left, struct go_mutex *right, int seat)
{
    go_name("philosopher %d", seat);
    for (int i = 0; i < MEALS; i++) {
        go_mutex_lock(left);
        go_sleep(GO_MILLISECOND);
        go_mutex_lock(right);
        go_mutex_unlock(right);
        go_mutex_unlock(left);
    }
}

SCENARIO(philosophers, .about = "five philosophers, left fork first",
         .expect = EXPECT_DEADLOCK, .origin = "Dijkstra 1965")
{
    struct go_mutex fork[SEATS] = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < SEATS; i++) {
        go_label(&fork[i], "fork %d", i);
        go_waitgroup_go(&wg, dine, &fork[i], &fork[(i + 1) % SEATS], i);
    }
    go_waitgroup_wait(&wg);
}

static void dine_once(struct go_mutex *left, struct go_mutex *right, int seat)
{
    go_name("philosopher %d", seat);
    go_mutex_lock(left);
    go_mutex_lock(right);
    go_mutex_unlock(right);
    go_mutex_unlock(left);
}

SCENARIO(philosophers_unlucky, .about = "left fork first, nobody waits for it",
         .expect = EXPECT_DEADLOCK, .explore = true, .origin = "Dijkstra 1965")
{
    struct go_mutex fork[SEATS] = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < SEATS; i++) {
        go_label(&fork[i], "fork %d", i);
        go_waitgroup_go(&wg, dine_once, &fork[i], &fork[(i + 1) % SEATS], i);
    }
    go_waitgroup_wait(&wg);
}

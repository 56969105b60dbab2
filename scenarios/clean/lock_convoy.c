/*
 * lock_convoy - fifty goroutines and one lock, all the time.
 *
 * Looks stuck: at every moment nearly all of them wait. Is not: the lock goes
 * round, in order, and nobody starves. Expected: CLEAN, at an exact time.
 */
#include "scenarios/check.h"

enum {
    CARS = 50,
    ROUNDS = 20
};

struct road {
    struct go_mutex mu;
    int passed; /* [mu] */
};

static void drive(struct road *r)
{
    for (int i = 0; i < ROUNDS; i++) {
        go_mutex_lock(&r->mu);
        go_sleep(GO_MILLISECOND);
        r->passed++;
        go_mutex_unlock(&r->mu);
    }
}

SCENARIO(lock_convoy, .about = "fifty goroutines queue for one lock")
{
    struct road r = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < CARS; i++)
        go_waitgroup_go(&wg, drive, &r);
    go_sleep(GO_SECOND / 2 + GO_MICROSECOND);
    CHECK_EQ(go_check(), 0);
    go_waitgroup_wait(&wg);
    CHECK_EQ(r.passed, CARS * ROUNDS);
    CHECK_EQ(go_now(), CARS * ROUNDS * GO_MILLISECOND);
}

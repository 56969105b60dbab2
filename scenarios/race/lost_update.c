/*
 * lost_update - a counter without a lock.
 *
 * Pattern: two goroutines add to one variable; load, add and store are three
 * things, and what the other stored in between is lost. Expected: PANIC, in
 * some schedules only. Origin: classic.
 */
#include "scenarios/check.h"

static int hits;

static void hit(void)
{
    hits++;
}

SCENARIO(lost_update, .about = "two additions, one of which is lost",
         .expect = EXPECT_PANIC("hits is 1, not 2"), .explore = true)
{
    struct go_waitgroup wg = {0};

    hits = 0;
    go_waitgroup_go(&wg, hit);
    go_waitgroup_go(&wg, hit);
    go_waitgroup_wait(&wg);
    CHECK_EQ(hits, 2);
}

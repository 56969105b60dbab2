/*
 * sheep_and_fish - two counters at the same time, and a wait group.
 *
 * Pattern: fork and join. Expected: CLEAN; both complete, in the time of one.
 */
#include <stdio.h>
#include "scenarios/check.h"

static void count(const char *thing, struct go_atomic *total)
{
    for (int i = 1; i <= 5; i++) {
        printf("%d %s\n", i, thing);
        go_atomic_add(total, 1);
        go_sleep(500 * GO_MILLISECOND);
    }
}

SCENARIO(sheep_and_fish, .about = "two counters and a wait group")
{
    struct go_waitgroup wg = {0};
    struct go_atomic total = {0};

    go_waitgroup_go(&wg, count, "sheep", &total);
    go_waitgroup_go(&wg, count, "fish", &total);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&total), 10);
    CHECK_EQ(go_now(), 2500 * GO_MILLISECOND);
}

/*
 * go_and_wait - main sleeps for a while instead of waiting.
 *
 * Pattern: sleep as a makeshift join. Expected: LEFT(1): the counter sleeps
 * until a known moment; seven lines have come by then.
 */
#include <stdio.h>
#include "scenarios/check.h"

static struct go_atomic lines;

static void count(const char *thing)
{
    for (int i = 1;; i++) {
        printf("%d %s\n", i, thing);
        go_atomic_add(&lines, 1);
        go_sleep(300 * GO_MILLISECOND);
    }
}

SCENARIO(go_and_wait, .about = "main sleeps two seconds, then returns",
         .expect = EXPECT_LEFT(1), .settle = GO_SETTLE_NONE)
{
    go(count, "sheep");
    go_sleep(2 * GO_SECOND);
    CHECK_EQ(go_atomic_load(&lines), 7);
}

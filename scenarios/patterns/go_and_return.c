/*
 * go_and_return - main does not wait for what it started.
 *
 * Pattern: the first program with go that prints nothing. Expected: LEFT(1):
 * the counter is judged at main's return, when it can still run.
 */
#include <stdio.h>
#include <vigil/scenario.h>

static void count(const char *thing)
{
    for (int i = 1;; i++) {
        go_sleep(500 * GO_MILLISECOND);
        printf("%d %s\n", i, thing); /* never: main is gone by then */
    }
}

SCENARIO(go_and_return, .about = "main returns at once",
         .expect = EXPECT_LEFT(1), .settle = GO_SETTLE_NONE)
{
    go(count, "sheep");
}

/*
 * sequential_sheep - first all the sheep, then all the fish.
 *
 * Pattern: calls without go run one after the other. Expected: CLEAN; no fish
 * before the last sheep, and the times add up.
 */
#include <stdio.h>
#include <string.h>
#include "scenarios/check.h"

static const char *seen[10];
static int nseen;

static void count(const char *thing)
{
    for (int i = 1; i <= 5; i++) {
        printf("%d %s\n", i, thing);
        seen[nseen++] = thing;
        go_sleep(500 * GO_MILLISECOND);
    }
}

SCENARIO(sequential_sheep, .about = "sheep, then fish, without go")
{
    count("sheep");
    count("fish");
    for (int i = 0; i < nseen; i++)
        CHECK(strcmp(seen[i], i < 5 ? "sheep" : "fish") == 0);
    CHECK_EQ(go_now(), 5 * GO_SECOND);
}

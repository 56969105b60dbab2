/*
 * once_reentry - the twin: the inner call has a once of its own.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static struct go_once outer, inner;
static int calls;

static void load(void)
{
    calls++;
}

static void init(void)
{
    go_once_do(&inner, load);
}

SCENARIO(once_reentry, .about = "two steps, a once each")
{
    go_once_do(&outer, init);
    go_once_do(&outer, init);
    go_once_do(&inner, load);
    CHECK_EQ(calls, 1);
}

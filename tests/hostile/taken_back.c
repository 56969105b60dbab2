/* taken_back.c - a data race that crashes, in code that tells its accesses. */
#include <vigil/scenario.h>

static int shared;
static int *volatile handed;

static void take_back(void)
{
    handed = NULL;
}

static void use_it(void)
{
    if (handed)
        *handed = 1;
}

SCENARIO(taken_back, .about = "a check, and the use too late", .explore = true)
{
    handed = &shared;
    go(take_back);
    go(use_it);
}

/*
 * once_reentry - the function of a once calls that once.
 *
 * Pattern: an initialiser that uses what it initialises. Expected: DEADLOCK,
 * a ring of one: the running once has an owner. Origin: Go's documentation of
 * Once.Do.
 */
#include <vigil/scenario.h>

static struct go_once once;

static void init(int depth)
{
    if (depth == 0)
        go_once_do(&once, init, 1);
}

SCENARIO(once_reentry, .about = "an initialiser that initialises itself",
         .expect = EXPECT_DEADLOCK)
{
    go_once_do(&once, init, 0);
}

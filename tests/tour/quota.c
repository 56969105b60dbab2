/*
 * quota - two take a quota bit by bit, and each gets half of it.
 *
 * What it did: whoever resizes a volume takes two units, one after the other.
 * Why it bites: when each of two has one, both wait for ever.
 * The fix: both units are taken at once.
 */
#include <vigil/scenario.h>

static void resize(struct go_semaphore *units, int at_once)
{
    go_name("resizer");
    for (int have = 0; have < 2; have += at_once)
        go_semaphore_acquire(units, at_once);
    go_semaphore_release(units, 2);
}

static void resize_two(int at_once)
{
    static struct go_semaphore units = {.free = 2};

    go(resize, &units, at_once);
    go(resize, &units, at_once);
}

SCENARIO(quota, .about = "half of a quota each", .class = "resource",
         .origin = "our bug 1234", .expect = EXPECT_LEAK(2), .explore = true)
{
    resize_two(1);
}

SCENARIO(quota_fixed, .about = "a quota, all at once", .class = "resource",
         .origin = "our bug 1234", .explore = true)
{
    resize_two(2);
}

/*
 * moby_7559 - a lock is kept over the error, into the next round.
 *
 * A proxy tracks its connections under a lock. When the dial fails, the loop
 * goes on without an unlock, and its next round locks again. The fix: each
 * round unlocks what it has locked, before it goes on and before it breaks.
 *
 * Class: resource (double locking). Expected: LEAK(1), in every schedule: the
 * proxy waits for a lock that it owns. Origin: GoKer moby_7559.
 */
#include <vigil/scenario.h>

static struct go_mutex track;

static bool dial(void)
{
    return false; /* the address is empty */
}

static void proxy(void)
{
    go_name("proxy");
    for (int i = 0; i < 2; i++) {
        go_mutex_lock(&track);
        if (!dial())
            continue; /* the bug: with track locked */
        if (i == 0)
            break;
    }
    go_mutex_unlock(&track);
}

static void proxy_fixed(void)
{
    go_name("proxy");
    for (int i = 0; i < 2; i++) {
        go_mutex_lock(&track);
        bool connected = dial();
        go_mutex_unlock(&track);
        if (connected && i == 0)
            break;
    }
}

SCENARIO(moby_7559, .about = "a failed dial goes on with the lock held",
         .expect = EXPECT_LEAK(1), .explore = true, .origin = "GoKer moby_7559",
         .class = "resource")
{
    go(proxy);
}

SCENARIO(moby_7559_fixed, .about = "a failed dial unlocks first",
         .explore = true, .origin = "GoKer moby_7559", .class = "resource")
{
    go(proxy_fixed);
}

/*
 * moby_17176 - the early return forgets the lock.
 *
 * The cleanup of deleted devices locks the device set and returns at once when
 * there is nothing to clean up: without an unlock. The next who locks it waits
 * for ever, for an owner that has ended. Main does not notice: it gives up
 * after a millisecond. The fix: the early return unlocks too. (The fixed form
 * has room for the answer, for the timer may still win.)
 *
 * Class: resource (a lock that is never released). Expected: LEAK(1), in every
 * schedule. Origin: GoKer moby_17176.
 */
#include <vigil/scenario.h>

static struct go_mutex devlock;
static int deleted_devices; /* [devlock] */

static int cleanup(void)
{
    go_mutex_lock(&devlock);
    if (deleted_devices == 0)
        return 0; /* the bug: with devlock locked */
    go_mutex_unlock(&devlock);
    return -EBUSY;
}

static int cleanup_fixed(void)
{
    int left;

    go_mutex_lock(&devlock);
    left = deleted_devices;
    go_mutex_unlock(&devlock);
    return left ? -EBUSY : 0;
}

static void next_user(chan(bool) done)
{
    go_name("next user");
    go_mutex_lock(&devlock);
    chan_send(done, true);
    go_mutex_unlock(&devlock);
}

static void wait_a_little(chan(bool) done)
{
    go(next_user, done);
    go_select(GO_RECV(go_after(GO_MILLISECOND), NULL), GO_RECV(done, NULL));
}

SCENARIO(moby_17176, .about = "an early return with the lock held",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer moby_17176", .class = "resource")
{
    cleanup();
    wait_a_little(chan_make(bool, 0));
}

SCENARIO(moby_17176_fixed, .about = "an early return that unlocks",
         .explore = true, .origin = "GoKer moby_17176", .class = "resource")
{
    cleanup_fixed();
    wait_a_little(chan_make(bool, 1));
}

/*
 * moby_30408 - the activation has failed, and the waiter looks at its success.
 *
 * Who wants a plugin waits on a condition until its manifest is there. The
 * activation has failed and left an error, which the loop around the wait does
 * not look at, and nobody is woken. The fix: an error ends the wait as well,
 * and who sets it does so under the lock and wakes all.
 *
 * Class: communication (condition variable). Expected: DEADLOCK, in every
 * schedule: the waiter on the condition, main for the waiter. Origin: GoKer
 * moby_30408.
 */
#include <vigil/scenario.h>

static struct plugin {
    struct go_mutex lock;
    struct go_cond activated; /* of lock */
    const char *manifest;     /* [lock] NULL: not yet there */
    int err;                  /* [lock] 0, or why it will not come */
} plugin;

static void wait_active(chan(bool) done)
{
    go_name("waiter");
    go_mutex_lock(&plugin.lock);
    while (!plugin.manifest) /* the bug: it may never come */
        go_cond_wait(&plugin.activated, &plugin.lock);
    go_mutex_unlock(&plugin.lock);
    chan_close(done);
}

static void wait_active_fixed(chan(bool) done)
{
    go_name("waiter");
    go_mutex_lock(&plugin.lock);
    while (!plugin.manifest && !plugin.err)
        go_cond_wait(&plugin.activated, &plugin.lock);
    go_mutex_unlock(&plugin.lock);
    chan_close(done);
}

static void fail(void)
{
    go_mutex_lock(&plugin.lock);
    plugin.err = -ENOENT;
    go_cond_broadcast(&plugin.activated);
    go_mutex_unlock(&plugin.lock);
}

SCENARIO(moby_30408, .about = "a failed activation is waited for",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer moby_30408", .class = "communication")
{
    chan(bool) done = chan_make(bool, 0);

    plugin.err = -ENOENT;
    go(wait_active, done);
    chan_recv(done);
}

SCENARIO(moby_30408_fixed, .about = "a failed activation ends the wait",
         .explore = true, .origin = "GoKer moby_30408",
         .class = "communication")
{
    chan(bool) done = chan_make(bool, 0);

    go(wait_active_fixed, done);
    fail();
    chan_recv(done);
}

/*
 * moby_29733 - plugins wait to be activated, and nobody does it.
 *
 * Who wants a plugin waits on its condition until it is active. Nobody makes
 * it so, nor signals the condition; and what handles the plugins afterwards
 * takes the flag back, so that a second wait would hang too. The fix: an
 * activator sets the flag under the lock and wakes all, and the handler leaves
 * it.
 *
 * Class: communication (condition variable). Expected: DEADLOCK, in every
 * schedule: the waiter on the condition, main for the waiter. Origin: GoKer
 * moby_29733.
 */
#include <vigil/scenario.h>

static struct plugin {
    struct go_mutex lock;
    struct go_cond activated; /* of lock */
    bool active;              /* [lock] */
} plugin;
static struct go_rwmutex handlers;
static struct plugin *plugins[] = {&plugin};

static void wait_active(chan(bool) done)
{
    go_name("waiter");
    go_mutex_lock(&plugin.lock);
    while (!plugin.active)
        go_cond_wait(&plugin.activated, &plugin.lock);
    go_mutex_unlock(&plugin.lock);
    chan_close(done);
}

static void wait_plugin(void)
{
    chan(bool) done = chan_make(bool, 0);

    go(wait_active, done);
    chan_recv(done);
}

static void activate(void)
{
    go_name("activator");
    go_mutex_lock(&plugin.lock);
    plugin.active = true;
    go_cond_broadcast(&plugin.activated);
    go_mutex_unlock(&plugin.lock);
}

static void handle(bool take_back)
{
    go_rwmutex_lock(&handlers);
    if (take_back)
        plugins[0]->active = false;
    go_rwmutex_unlock(&handlers);
}

SCENARIO(moby_29733, .about = "nobody signals what the plugins wait for",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer moby_29733", .class = "communication")
{
    wait_plugin();
    handle(true);
    wait_plugin();
}

SCENARIO(moby_29733_fixed, .about = "an activator wakes who waits for plugins",
         .explore = true, .origin = "GoKer moby_29733",
         .class = "communication")
{
    go(activate);
    wait_plugin();
    handle(false);
    wait_plugin();
}

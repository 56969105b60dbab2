/*
 * grpc_1424 - the watcher of a balancer ends without saying so.
 *
 * What it did: dialling with a load balancer starts a watcher of its updates
 * and waits until that says that it is done. The watcher says so from within
 * its loop over the updates.
 * Why it bites: the balancer is closed before there is an update, so the loop
 * is never entered.
 * The fix: the watcher says so whenever it ends.
 * Class: communication (channel). Expected: LEAK of who waits for the watcher.
 * Origin: GoKer grpc_1424.
 */
#include <vigil/scenario.h>

static void watch(chan(bool) updates, chan(bool) done)
{
    go_name("watcher");
    chan_range(update, updates) {
        if (update)
            chan_close(done); /* an update came: it is not, in this program */
    }
}

static void watch_fixed(chan(bool) updates, chan(bool) done)
{
    go_defer_close(done);
    go_name("watcher");
    chan_range(update, updates) {
        (void)update;
    }
}

typedef void watch_fn(chan(bool) updates, chan(bool) done);

static void wait_for_balancer(chan(bool) updates, chan(bool) outcome,
                              watch_fn *watcher)
{
    chan(bool) done = chan_make(bool, 0);

    go_defer_close(outcome);
    go_name("waiter");
    chan_name(done, "done");
    go(watcher, updates, done);
    chan_recv(done);
}

static void dial(watch_fn *watcher)
{
    chan(bool) updates = chan_make(bool, 0);
    chan(bool) outcome = chan_make(bool, 1); /* of no interest to anybody */

    go_name("dialler");
    chan_name(updates, "updates");
    go(wait_for_balancer, updates, outcome, watcher);
    chan_close(updates);
}

SCENARIO(grpc_1424, .about = "who watches ends without a word",
         .expect = EXPECT_LEAK(1), .explore = true, .origin = "GoKer grpc_1424",
         .class = "communication")
{
    go(dial, watch);
}

SCENARIO(grpc_1424_fixed, .about = "who watches says when it ends",
         .explore = true, .origin = "GoKer grpc_1424", .class = "communication")
{
    go(dial, watch_fixed);
}

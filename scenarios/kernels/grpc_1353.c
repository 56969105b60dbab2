/*
 * grpc_1353 - a balancer sends its updates with its lock held.
 *
 * What it did: a balancer watches addresses and sends an update for each
 * change, under its lock. Who receives the updates takes connections down, and
 * each connection calls the balancer back: that locks it.
 * Why it bites: as soon as the address watcher is at the next update while the
 * last one is still worked on; one has the lock and waits for the other to
 * receive, who waits for the lock.
 * The fix: room for one update, and the watcher, the only sender, takes an old
 * one out before it sends: only the last counts, and the send never waits.
 * Class: mixed (channel and lock). Expected: LEAK of the two, and of who would
 * close the balancer when the watcher has finished. Origin: GoKer grpc_1353.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define CHANGES     100
#define CONNECTIONS 2

struct balancer {
    struct go_mutex mu;
    struct go_mutex connections[CONNECTIONS];
};

static void update(struct balancer *b, chan(bool) updates)
{
    go_mutex_lock(&b->mu);
    chan_send(updates, true); /* with the lock held */
    go_mutex_unlock(&b->mu);
}

static void update_fixed(struct balancer *b, chan(bool) updates)
{
    go_mutex_lock(&b->mu);
    chan_try_recv(updates, NULL);
    chan_send(updates, true); /* has room */
    go_mutex_unlock(&b->mu);
}

typedef void update_fn(struct balancer *, chan(bool) updates);

static void watch_addresses(struct balancer *b, chan(bool) updates,
                            chan_sender(bool) finished, update_fn *send)
{
    go_name("address watcher");
    for (int i = 0; i < CHANGES; i++)
        send(b, updates);
    chan_close(finished);
}

static void down(struct balancer *b)
{
    go_mutex_lock(&b->mu);
    go_mutex_unlock(&b->mu);
}

static void watch_updates(struct balancer *b, chan_receiver(bool) updates)
{
    go_name("update watcher");
    chan_range(changed, updates) {
        (void)changed;
        for (int i = 0; i < CONNECTIONS; i++) {
            go_mutex_lock(&b->connections[i]);
            down(b);
            go_mutex_unlock(&b->connections[i]);
        }
    }
}

static void close_balancer(struct balancer *b, chan_sender(bool) updates,
                           chan_receiver(bool) finished)
{
    go_name("closer");
    chan_recv(finished);
    go_mutex_lock(&b->mu);
    chan_close(updates);
    go_mutex_unlock(&b->mu);
}

static void balance(update_fn *send, int room)
{
    struct balancer *b = calloc(1, sizeof(*b));
    chan(bool) updates = chan_make(bool, room);
    chan(bool) finished = chan_make(bool, 0);

    chan_name(updates, "updates");
    chan_name(finished, "finished");
    go(watch_addresses, b, updates, chan_as_sender(finished), send);
    go(watch_updates, b, chan_as_receiver(updates));
    go(close_balancer, b, chan_as_sender(updates), chan_as_receiver(finished));
}

SCENARIO(grpc_1353, .about = "an update is sent with the lock held",
         .expect = EXPECT_LEAK(3), .explore = true, .origin = "GoKer grpc_1353",
         .class = "mixed")
{
    balance(update, 0);
}

SCENARIO(grpc_1353_fixed, .about = "the last update always has room",
         .explore = true, .origin = "GoKer grpc_1353", .class = "mixed")
{
    balance(update_fixed, 1);
}

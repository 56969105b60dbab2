/*
 * kubernetes_26980 - a listener waits for its end with the list locked.
 *
 * What it did: a listener of a shared informer keeps a list of what it is to
 * be notified of. Its pop waits for an item, and then to hand it on or to be
 * stopped, all with the list locked. The test adds an item, pops, and looks
 * whether the list can still be locked: who locks it says so to the test,
 * which unlocks it for him and then stops the pop.
 * Why it bites: if the pop comes first, it keeps the list until it is stopped,
 * and it is stopped when somebody else has had the list.
 * The fix: the pop gives the list back while it waits.
 * Class: mixed (channel and lock). Expected: DEADLOCK of main, the pop, and who
 * would lock. Origin: GoKer kubernetes_26980.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

struct listener {
    struct go_mutex mu;
    struct go_cond added;
    int pending; /* [mu] */
};

static void add(struct listener *l)
{
    go_mutex_lock(&l->mu);
    l->pending++;
    go_cond_broadcast(&l->added);
    go_mutex_unlock(&l->mu);
}

/* False: it was stopped before there was anything. */
static bool wait_for_item_locked(struct listener *l, chan_receiver(bool) stop)
{
    while (l->pending == 0) {
        if (go_select(GO_RECV(stop, NULL), GO_DEFAULT) == 0)
            return false;
        go_cond_wait(&l->added, &l->mu);
    }
    return true;
}

static void pop(struct listener *l, chan_receiver(bool) stop)
{
    go_name("pop");
    go_mutex_lock(&l->mu);
    if (wait_for_item_locked(l, stop))
        chan_recv(stop); /* with the list locked */
    go_mutex_unlock(&l->mu);
}

static void pop_fixed(struct listener *l, chan_receiver(bool) stop)
{
    go_name("pop");
    go_mutex_lock(&l->mu);
    if (wait_for_item_locked(l, stop)) {
        l->pending--;
        go_mutex_unlock(&l->mu);
        chan_recv(stop);
        go_mutex_lock(&l->mu);
    }
    go_mutex_unlock(&l->mu);
}

/* Leaves it locked, for the test. */
static void try_the_lock(struct listener *l, chan_sender(bool) locked,
                         uint64_t test)
{
    go_name("prober");
    go_mutex_lock(&l->mu);
    go_mutex_hand_over(&l->mu, test);
    chan_close(locked);
}

static void test_pop(void (*pop_it)(struct listener *, chan_receiver(bool)))
{
    struct listener *l = calloc(1, sizeof(*l));
    chan(bool) stop = chan_make(bool, 0), locked;

    chan_name(stop, "stop");
    add(l);
    go(pop_it, l, chan_as_receiver(stop));
    locked = chan_make(bool, 0);
    chan_name(locked, "locked");
    go(try_the_lock, l, chan_as_sender(locked), go_self());
    chan_recv(locked);
    go_mutex_unlock(&l->mu);
    chan_close(stop);
}

SCENARIO(kubernetes_26980, .about = "waits for its end with the list locked",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer kubernetes_26980", .class = "mixed")
{
    test_pop(pop);
}

SCENARIO(kubernetes_26980_fixed, .about = "waits for its end with no lock",
         .explore = true, .origin = "GoKer kubernetes_26980", .class = "mixed")
{
    test_pop(pop_fixed);
}

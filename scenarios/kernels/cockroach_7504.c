/*
 * cockroach_7504 - a lease and the cache of names, locked in two orders.
 *
 * Acquiring a lease looks its name up under the lock of the name cache, and
 * then locks the lease. Releasing one holds the table and the lease, and then
 * locks the cache to remove the name. The two meet in the middle. The fix:
 * releasing gives the lease back before it takes the cache.
 *
 * Class: resource. Expected: DEADLOCK, of main and both.
 */
#include <vigil/scenario.h>

#define LEASES 2

struct lease {
    struct go_mutex mu;
    bool active; /* [mu] */
};

static struct lease leases[LEASES];
static struct name_cache {
    struct go_mutex mu;
    struct lease *slots[LEASES]; /* [mu] */
} names;
static struct go_mutex table;

static void acquirer(struct go_waitgroup *done)
{
    go_mutex_lock(&names.mu);
    struct lease *lease = names.slots[0];

    if (lease) {
        go_mutex_lock(&lease->mu);
        go_mutex_unlock(&lease->mu);
    }
    go_mutex_unlock(&names.mu);
    go_waitgroup_done(done);
}

static void remove_name(void)
{
    go_mutex_lock(&names.mu);
    names.slots[0] = NULL;
    go_mutex_unlock(&names.mu);
}

static void retire(struct lease *lease)
{
    go_mutex_lock(&lease->mu);
    lease->active = false;
    remove_name(); /* the bug: the other way round */
    go_mutex_unlock(&lease->mu);
}

static void retire_fixed(struct lease *lease)
{
    go_mutex_lock(&lease->mu);
    lease->active = false;
    go_mutex_unlock(&lease->mu);
    remove_name();
}

static void releaser(struct go_waitgroup *done, void (*retires)(struct lease *))
{
    go_mutex_lock(&table);
    retires(&leases[0]);
    go_mutex_unlock(&table);
    go_waitgroup_done(done);
}

static void use_leases(void (*retires)(struct lease *))
{
    struct go_waitgroup done = {0};

    for (int i = 0; i < LEASES; i++) {
        leases[i].active = true;
        names.slots[i] = &leases[i];
    }
    go_waitgroup_add(&done, 2);
    go(acquirer, &done);
    go(releaser, &done, retires);
    go_waitgroup_wait(&done);
}

SCENARIO(cockroach_7504, .about = "lease and name cache, in two orders",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer cockroach_7504", .class = "resource")
{
    use_leases(retire);
}

SCENARIO(cockroach_7504_fixed, .about = "the lease is given back first",
         .explore = true, .origin = "GoKer cockroach_7504", .class = "resource")
{
    use_leases(retire_fixed);
}

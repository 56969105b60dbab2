/*
 * etcd_6708 - asks for the leader through the client that it has locked.
 *
 * Syncing a cluster client takes its write lock, sets the endpoints, and in
 * the mode "leader first" asks through the same client who leads: that request
 * wants the read lock. The fix: the leader is asked for before the lock is
 * taken.
 *
 * Class: resource. Expected: DEADLOCK, of main, alone.
 */
#include <vigil/scenario.h>

enum selection {
    RANDOM,
    LEADER_FIRST,
};

static struct client {
    struct go_rwmutex mu;
    int endpoints; /* [mu] how many */
    int pinned;    /* [mu] the one to use */
    enum selection mode;
} client = {.mode = LEADER_FIRST};

/* Any request of this client: here, who leads. */
static int ask_leader(void)
{
    go_rwmutex_rlock(&client.mu);
    int leader = client.endpoints;

    go_rwmutex_runlock(&client.mu);
    return leader;
}

static void sync_endpoints(void)
{
    go_rwmutex_lock(&client.mu);
    go_defer(go_rwmutex_unlock, &client.mu);
    client.endpoints = 1;
    if (client.mode == LEADER_FIRST)
        client.pinned = ask_leader(); /* the bug: locked for writing */
}

static void sync_endpoints_fixed(void)
{
    int leader = client.mode == LEADER_FIRST ? ask_leader() : 0;

    go_rwmutex_lock(&client.mu);
    go_defer(go_rwmutex_unlock, &client.mu);
    client.endpoints = 1;
    client.pinned = leader;
}

SCENARIO(etcd_6708, .about = "read-locks what it has write-locked",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer etcd_6708", .class = "resource")
{
    sync_endpoints();
}

SCENARIO(etcd_6708_fixed, .about = "asks first, then locks", .explore = true,
         .origin = "GoKer etcd_6708", .class = "resource")
{
    sync_endpoints_fixed();
}

/*
 * kubernetes_62464 - who reads reads again, and a writer stands between.
 *
 * A policy holds the read lock of the state, and asks the state for parts of
 * it, by functions that take the read lock once more. A writer that comes in
 * between waits for the outer lock, and new readers wait for a writer that
 * waits. The fix: the inner reads take no lock, for their caller has it.
 *
 * Class: resource (recursive read lock). Expected: LEAK(2) in some schedules:
 * the policy at its first or its second inner read, the writer at its lock.
 * Origin: GoKer kubernetes_62464.
 */
#include <vigil/scenario.h>

static struct go_rwmutex state;

static void read_state(bool locks)
{
    if (!locks)
        return; /* the fix: the caller has the lock */
    go_rwmutex_rlock(&state);
    go_rwmutex_runlock(&state);
}

static void policy(bool locks)
{
    go_name("policy");
    go_rwmutex_rlock(&state);
    read_state(locks);
    if (go_choose(5) >= 2) /* nothing assigned yet: looks for a default */
        read_state(locks);
    go_rwmutex_runlock(&state);
}

static void reconcile(void)
{
    go_name("reconciler");
    go_rwmutex_rlock(&state);
    go_rwmutex_runlock(&state);
    go_rwmutex_lock(&state);
    go_rwmutex_unlock(&state);
}

SCENARIO(kubernetes_62464, .about = "a writer between two reads of one reader",
         .expect = EXPECT_LEAK(2), .explore = true,
         .origin = "GoKer kubernetes_62464", .class = "resource")
{
    go(policy, true);
    go(reconcile);
}

SCENARIO(kubernetes_62464_fixed, .about = "inner reads without a lock",
         .explore = true, .origin = "GoKer kubernetes_62464",
         .class = "resource")
{
    go(policy, false);
    go(reconcile);
}

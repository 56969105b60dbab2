/*
 * etcd_10492 - a callback takes the lock that its caller holds.
 *
 * A lessor is given a function to call when a lease is renewed. Renewing holds
 * the lock of the lease table, and calls it; and the function locks the table
 * to write a checkpoint. The fix: renewing gives the lock back before the
 * call, and takes it again afterwards.
 *
 * Class: resource. Expected: DEADLOCK, of main, alone.
 */
#include <vigil/scenario.h>

static struct lessor {
    struct go_rwmutex mu;
    void (*checkpointer)(struct go_context *); /* [mu] */
} lessor;

static void checkpoint(struct go_context *ctx)
{
    (void)ctx;
    go_rwmutex_lock(&lessor.mu);
    go_defer(go_rwmutex_unlock, &lessor.mu);
}

static void set_checkpointer(void (*fn)(struct go_context *))
{
    go_rwmutex_lock(&lessor.mu);
    lessor.checkpointer = fn;
    go_rwmutex_unlock(&lessor.mu);
}

static void promote(void)
{
    go_rwmutex_lock(&lessor.mu);
    go_rwmutex_unlock(&lessor.mu);
}

static void renew(void)
{
    go_rwmutex_lock(&lessor.mu);
    go_defer(go_rwmutex_unlock, &lessor.mu);
    if (lessor.checkpointer)
        lessor.checkpointer(go_context_background()); /* the bug: locked */
}

static void renew_fixed(void)
{
    go_rwmutex_lock(&lessor.mu);
    go_defer(go_rwmutex_unlock, &lessor.mu);
    void (*fn)(struct go_context *) = lessor.checkpointer;

    go_rwmutex_unlock(&lessor.mu);
    if (fn)
        fn(go_context_background());
    go_rwmutex_lock(&lessor.mu);
}

SCENARIO(etcd_10492, .about = "a callback under the lock that it takes",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer etcd_10492", .class = "resource")
{
    set_checkpointer(checkpoint);
    promote();
    renew();
}

SCENARIO(etcd_10492_fixed, .about = "the callback is called unlocked",
         .explore = true, .origin = "GoKer etcd_10492", .class = "resource")
{
    set_checkpointer(checkpoint);
    promote();
    renew_fixed();
}

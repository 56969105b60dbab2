/*
 * etcd_5509 - a caller finds the client closed, and keeps its read lock.
 *
 * A caller asks a client for its remote end, again and again, under the
 * client's read lock. Once it finds the client closed it returns an error, and
 * that way out does not give the read lock back. Main closes the client: under
 * the write lock it cancels and clears, gives the lock back, and takes it again
 * to finish. A caller that comes in between has ended and still has its read
 * lock. The fix: the way out gives it back.
 *
 * Class: resource. Expected: DEADLOCK, of main, alone.
 */
#include <vigil/scenario.h>

static struct client {
    struct go_rwmutex mu;
    struct go_context *ctx; /* [mu] NULL: closed */
    struct go_mutex remote;
} client;

/* Whether the client is still open. */
static bool acquire_remote(void)
{
    go_rwmutex_rlock(&client.mu);
    bool closed = !client.ctx;

    go_mutex_lock(&client.remote);
    go_mutex_unlock(&client.remote);
    if (closed)
        return false; /* the bug: still read-locked */
    go_rwmutex_runlock(&client.mu);
    return true;
}

static bool acquire_remote_fixed(void)
{
    go_rwmutex_rlock(&client.mu);
    bool closed = !client.ctx;

    go_mutex_lock(&client.remote);
    go_mutex_unlock(&client.remote);
    go_rwmutex_runlock(&client.mu);
    return !closed;
}

static void caller(chan(bool) done, bool (*acquire)(void))
{
    go_defer_close(done);
    while (acquire())
        go_yield();
}

static void close_client(void)
{
    go_rwmutex_lock(&client.mu);
    go_defer(go_rwmutex_unlock, &client.mu);
    if (!client.ctx)
        return;
    go_context_cancel(client.ctx);
    client.ctx = NULL;
    go_rwmutex_unlock(&client.mu);
    go_rwmutex_lock(&client.mu);
}

static void call_and_close(bool (*acquire)(void))
{
    chan(bool) done = chan_make(bool, 0);

    client.ctx = go_context_with_cancel(go_context_background());
    go(caller, done, acquire);
    close_client();
    chan_recv(done);
}

SCENARIO(etcd_5509, .about = "an error path keeps its read lock",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer etcd_5509", .class = "resource")
{
    call_and_close(acquire_remote);
}

SCENARIO(etcd_5509_fixed, .about = "every way out gives the read lock back",
         .explore = true, .origin = "GoKer etcd_5509", .class = "resource")
{
    call_and_close(acquire_remote_fixed);
}

/*
 * cockroach_3710 - a scanner asks for the status that it has already locked.
 *
 * The scanner of a store goes through its replicas with the store read-locked,
 * and asks for the store's status for each of them, which read-locks the store
 * again. A writer that comes in between holds up new readers and waits for the
 * scanner's first read lock; the scanner waits behind the writer. The fix: the
 * status is read under the lock that the scanner has.
 *
 * Class: resource. Expected: LEAK(2), scanner and writer.
 */
#include <vigil/scenario.h>

#define REPLICAS 2

static struct store {
    struct go_rwmutex mu;
    struct go_mutex queue;
    int replicas; /* [mu] */
} store = {.replicas = REPLICAS};

static int status(void)
{
    go_rwmutex_rlock(&store.mu); /* the bug: the scanner has it already */
    int n = store.replicas;
    go_rwmutex_runlock(&store.mu);
    return n;
}

static int status_fixed(void)
{
    return store.replicas;
}

static void add_to_queue(int (*ask)(void))
{
    go_mutex_lock(&store.queue);
    ask();
    go_mutex_unlock(&store.queue);
}

static void scanner(int (*ask)(void))
{
    go_rwmutex_rlock(&store.mu);
    for (int i = 0; i < store.replicas; i++)
        add_to_queue(ask);
    go_rwmutex_runlock(&store.mu);
}

static void writer(void)
{
    go_rwmutex_lock(&store.mu);
    store.replicas = REPLICAS;
    go_rwmutex_unlock(&store.mu);
}

static void processor(void)
{
    go(writer);
}

static void run_store(int (*ask)(void))
{
    go(scanner, ask);
    go(processor);
}

SCENARIO(cockroach_3710, .about = "scans with a read lock inside a read lock",
         .expect = EXPECT_LEAK(2), .explore = true,
         .origin = "GoKer cockroach_3710", .class = "resource")
{
    run_store(status);
}

SCENARIO(cockroach_3710_fixed, .about = "the status is read under one lock",
         .explore = true, .origin = "GoKer cockroach_3710", .class = "resource")
{
    run_store(status_fixed);
}

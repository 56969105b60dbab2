/*
 * cockroach_6181 - a cache prints itself, and locks itself to do so.
 *
 * Three workers look a range up: each prints the cache under its read lock, and
 * then writes to it under its write lock. Printing calls the cache's own
 * formatter, which takes the read lock once more. When another worker asks for
 * the write lock in between, the formatter queues behind it, and it waits for
 * the one that prints. The fix: the formatter that is used under the lock takes
 * none.
 *
 * Class: resource. Expected: LEAKS(3, 4): the coordinator and three workers,
 * or two if one was through.
 */
#include <stdio.h>
#include <vigil/scenario.h>

#define WORKERS 3

static struct cache {
    struct go_rwmutex mu;
    int ranges; /* [mu] */
} cache;

static void format_locked(char *text, size_t size)
{
    snprintf(text, size, "%d ranges", cache.ranges);
}

static void format(char *text, size_t size)
{
    go_rwmutex_rlock(&cache.mu); /* the bug: the caller has it already */
    format_locked(text, size);
    go_rwmutex_runlock(&cache.mu);
}

typedef void format_way(char *text, size_t size);

static void worker(format_way *print, struct go_waitgroup *workers)
{
    char text[32];

    go_rwmutex_rlock(&cache.mu);
    print(text, sizeof(text));
    go_rwmutex_runlock(&cache.mu);
    go_rwmutex_lock(&cache.mu);
    cache.ranges++;
    go_rwmutex_unlock(&cache.mu);
    go_waitgroup_done(workers);
}

static void coordinator(format_way *print)
{
    struct go_waitgroup workers = {0};

    for (int i = 0; i < WORKERS; i++) {
        go_waitgroup_add(&workers, 1);
        go(worker, print, &workers);
    }
    go_waitgroup_wait(&workers);
}

SCENARIO(cockroach_6181, .about = "prints a cache under its own read lock",
         .expect = EXPECT_LEAKS(3, 4), .explore = true,
         .origin = "GoKer cockroach_6181", .class = "resource")
{
    go(coordinator, format);
}

SCENARIO(cockroach_6181_fixed, .about = "the formatter leaves the lock alone",
         .explore = true, .origin = "GoKer cockroach_6181", .class = "resource")
{
    go(coordinator, format_locked);
}

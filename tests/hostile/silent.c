/*
 * silent.c - main waits for a descriptor, and nobody is left who could write to
 * it: in each schedule, or in one of two. What stands behind a descriptor is not
 * known, so it is no deadlock.
 */
#include <unistd.h>
#include <vigil/scenario.h>

static struct go_mutex mu;

static void put(int fd)
{
    go_mutex_lock(&mu);
    go_write(fd, "x", 1);
    go_mutex_unlock(&mu);
}

static void take(int fd)
{
    char byte;

    if (go_read(fd, &byte, 1) != 1)
        go_panic("nothing was put");
}

static void make(int fds[2])
{
    if (pipe(fds) < 0)
        go_panic("no pipe");
}

SCENARIO(silent, .about = "main reads with the lock that the writer wants",
         .timeout = 6 * GO_SECOND)
{
    int fds[2];

    make(fds);
    go_mutex_lock(&mu);
    go(put, fds[1]);
    take(fds[0]);
    go_mutex_unlock(&mu);
}

SCENARIO(silent_at_times, .about = "main may be faster than the writer")
{
    struct go_waitgroup wg = {0};
    int fds[2];

    make(fds);
    go_waitgroup_go(&wg, put, fds[1]);
    go_mutex_lock(&mu);
    take(fds[0]);
    go_mutex_unlock(&mu);
    go_waitgroup_wait(&wg);
}

static void end_beside(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

SCENARIO(silent_or_stuck,
         .about = "or there is a ring of locks, and main wants one",
         .expect = EXPECT_DEADLOCK)
{
    static struct go_mutex a, b;
    struct go_waitgroup wg = {0};
    int fds[2];

    make(fds);
    if (go_choose(2) == 0) {
        take(fds[0]);
        return;
    }
    go_waitgroup_go(&wg, end_beside, &a, &b);
    go_waitgroup_go(&wg, end_beside, &b, &a);
    go_waitgroup_wait(&wg);
}

static void lock_twice(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_mutex_lock(m);
}

SCENARIO(silent_beside_stuck, .about = "main reads, and another is stuck",
         .expect = EXPECT_LEAK(1))
{
    static struct go_mutex m;
    int fds[2];

    make(fds);
    go(lock_twice, &m);
    take(fds[0]);
}

/*
 * gone.c - scenarios that give back the memory of what somebody waits for.
 *
 * They are wrong, and end well by luck: nobody touches that memory again but
 * the looks, which must not believe it, not write to it, and live on.
 */
#include <vigil/scenario.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    SIZE = 8192
};

struct all {
    struct go_mutex mu;
    struct go_rwmutex rw;
    struct go_waitgroup wg;
    struct go_semaphore units;
    struct go_barrier barrier;
    struct go_cond cond;
    struct go_once once;
};

static void tick(void)
{
    struct go_ticker *t = go_ticker_new(100 * GO_MILLISECOND);

    go_expect_daemon();
    chan_range(now, t->c) {
        (void)now;
    }
}

static void want_lock(struct go_mutex *mu)
{
    go_mutex_lock(mu);
}

static void want_read(struct go_rwmutex *rw)
{
    go_rwmutex_rlock(rw);
}

static void want_write(struct go_rwmutex *rw)
{
    go_rwmutex_lock(rw);
}

static void want_zero(struct go_waitgroup *wg)
{
    go_waitgroup_wait(wg);
}

static void want_unit(struct go_semaphore *units)
{
    go_semaphore_acquire(units, 1);
}

static void want_others(struct go_barrier *barrier)
{
    go_barrier_wait(barrier);
}

static void want_signal(struct go_cond *cond)
{
    static struct go_mutex own;

    go_mutex_lock(&own);
    go_cond_wait(cond, &own);
}

static void never_done(void)
{
    go_expect_daemon();
    go_select();
}

static void want_once(struct go_once *once)
{
    go_once_do(once, never_done);
}

/* Three at the lock, two at the once, of which one runs it. */
static void wait_for_all(struct all *a)
{
    a->barrier.size = 2;
    go_mutex_lock(&a->mu);
    go_rwmutex_lock(&a->rw);
    go_waitgroup_add(&a->wg, 1);
    for (int i = 0; i < 3; i++)
        go(want_lock, &a->mu);
    go(want_read, &a->rw);
    go(want_write, &a->rw);
    go(want_zero, &a->wg);
    go(want_unit, &a->units);
    go(want_others, &a->barrier);
    go(want_signal, &a->cond);
    go(want_once, &a->once);
    go(want_once, &a->once);
    go_sleep(GO_MILLISECOND);
}

static void *memory(void)
{
    return mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0);
}

SCENARIO(unmapped, .about = "nothing is there", .expect = EXPECT_LEFT(10))
{
    struct all *a = memory();

    wait_for_all(a);
    munmap(a, SIZE);
    go(tick);
    go_sleep(GO_SECOND);
}

SCENARIO(locked_away, .about = "not to be read", .expect = EXPECT_LEFT(10))
{
    struct all *a = memory();

    wait_for_all(a);
    mprotect(a, SIZE, PROT_NONE);
    go(tick);
    go_sleep(GO_SECOND);
}

SCENARIO(overwritten, .about = "text is there", .expect = EXPECT_LEFT(10))
{
    struct all *a = memory();

    wait_for_all(a);
    memset(a, 'A', SIZE);
    go(tick);
    go_sleep(GO_SECOND);
}

/* A look that gives a number to what is there writes it there. */
SCENARIO(not_written_to, .about = "zeroes are there", .expect = EXPECT_LEFT(10))
{
    struct all *a = memory();

    wait_for_all(a);
    memset(a, 0, SIZE);
    go(tick);
    go_sleep(GO_SECOND);
    for (int i = 0; i < SIZE; i++)
        if (((char *)a)[i])
            go_panic("byte %d was written", i);
}

/* It can be read, and so is believed; but no number can be noted there. */
SCENARIO(read_only, .about = "not to be written to", .expect = EXPECT_DEADLOCK)
{
    struct go_mutex *mu = memory();

    go_mutex_lock(mu);
    go(want_lock, mu);
    go_sleep(GO_MILLISECOND);
    mprotect(mu, SIZE, PROT_READ);
    go_select();
}

SCENARIO(asleep, .about = "all asleep: proven, whatever is there",
         .expect = EXPECT_DEADLOCK)
{
    struct all *a = memory();

    wait_for_all(a);
    munmap(a, SIZE);
    go_select();
}

/* The lock that is there now has an owner who waits for ever. */
static void lock_and_stay(struct go_mutex *mu)
{
    go_expect_daemon();
    go_mutex_lock(mu);
    go_select();
}

SCENARIO(another, .about = "another lock is there", .expect = EXPECT_LEFT(3))
{
    static struct go_mutex mu;

    go_mutex_lock(&mu);
    for (int i = 0; i < 3; i++)
        go(want_lock, &mu);
    go_sleep(GO_MILLISECOND);
    memset(&mu, 0, sizeof(mu));
    go(lock_and_stay, &mu);
    go(tick);
    go_sleep(GO_SECOND);
}

/* ---- groups of members that go on -----------------------------------------*/

struct groups {
    struct go_waitgroup wg;
    struct go_errgroup eg;
};

static void stay(void)
{
    go_expect_daemon();
    go_sleep(GO_HOUR);
}

static int stay_too(void)
{
    stay();
    return 0;
}

static void receive(chan(int) c)
{
    chan_recv(c);
}

SCENARIO(group, .about = "a look follows members", .expect = EXPECT_LEFT(1))
{
    static chan(int) held;
    struct groups *of = memory();

    held = chan_make(int, 0);
    go(receive, held);
    go_waitgroup_go(&of->wg, stay);
    go_errgroup_go(&of->eg, stay_too);
    go_sleep(GO_MILLISECOND);
    mprotect(of, SIZE, PROT_NONE);
    go_sleep(GO_SECOND);
}

/* ---- locks that are held, when others are taken ---------------------------*/

static void lock_two(void)
{
    static struct go_mutex one, two;

    go_mutex_lock(&one);
    go_mutex_lock(&two);
    go_mutex_unlock(&two);
    go_mutex_unlock(&one);
}

SCENARIO(held_unmapped, .about = "a lock that is held is there no more")
{
    struct go_mutex *mu = memory();

    go_mutex_lock(mu);
    munmap(mu, SIZE);
    lock_two();
}

SCENARIO(held_read_only, .about = "a lock that is held is not to be written to")
{
    struct go_mutex *mu = memory();

    go_mutex_lock(mu);
    mprotect(mu, SIZE, PROT_READ);
    lock_two();
}

SCENARIO(held_zeroed, .about = "zeroes are there")
{
    static struct go_mutex mu, zero;

    go_mutex_lock(&mu);
    memset(&mu, 0, sizeof(mu));
    lock_two();
    if (memcmp(&mu, &zero, sizeof(mu)) != 0)
        go_panic("what is there now was written to");
}

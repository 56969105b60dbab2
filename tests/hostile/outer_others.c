/*
 * outer_others.c - what else the C library has to wait for, between
 * goroutines: rwlocks, semaphores, barriers, once, streams, spin locks.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>

#include "tests/hostile/outer.h"

static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;

static void reads_twice(void)
{
    pthread_rwlock_rdlock(&rw);
    pthread_rwlock_rdlock(&rw);
    pthread_rwlock_unlock(&rw);
    pthread_rwlock_unlock(&rw);
}

static void writes(void)
{
    pthread_rwlock_wrlock(&rw);
    MUST(pthread_rwlock_rdlock(&rw) == EDEADLK);
    pthread_rwlock_unlock(&rw);
}

static void upgrades(void)
{
    pthread_rwlock_rdlock(&rw);
    pthread_rwlock_wrlock(&rw);
    pthread_rwlock_unlock(&rw);
}

SCENARIO(readers_pass, .about = "a reader passes by a writer that waits",
         .explore = true)
{
    both(reads_twice, writes);
}

SCENARIO(upgrade, .about = "to write what one reads", .expect = EXPECT_DEADLOCK,
         .explore = true)
{
    both(upgrades, writes);
}

static sem_t units;
static int inside;

static void takes(void)
{
    sem_wait(&units);
    MUST(inside++ == 0);
    go_yield();
    inside--;
    sem_post(&units);
}

static void takes_and_keeps(void)
{
    sem_wait(&units);
}

SCENARIO(one_unit, .about = "a semaphore as a lock", .explore = true)
{
    sem_init(&units, 0, 1);
    both(takes, takes);
}

SCENARIO(no_unit, .about = "a unit that is not given back",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    sem_init(&units, 0, 1);
    both(takes, takes_and_keeps);
}

static void waits_for_units(void)
{
    struct timespec t = in(CLOCK_REALTIME, 2);

    MUST(sem_timedwait(&units, &t) == -1 && errno == ETIMEDOUT);
    t = in(CLOCK_REALTIME, 0);
    MUST(t.tv_sec % 2 == 0); /* the run began at an even second */
}

SCENARIO(no_unit_in_time, .about = "sem_timedwait", .explore = true)
{
    sem_init(&units, 0, 0);
    waits_for_units();
}

static pthread_barrier_t barrier;
static int last;

static void meets(void)
{
    for (int i = 0; i < 2; i++)
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
            last++;
}

SCENARIO(phases, .about = "a barrier of two, twice", .explore = true)
{
    pthread_barrier_init(&barrier, NULL, 2);
    both(meets, meets);
    MUST(last == 2);
    pthread_barrier_destroy(&barrier);
}

SCENARIO(one_too_few, .about = "a barrier of three, and two",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    pthread_barrier_init(&barrier, NULL, 3);
    both(meets, meets);
}

static pthread_once_t this_once = PTHREAD_ONCE_INIT;
static pthread_once_t that_once = PTHREAD_ONCE_INIT;
static int filled;

static void done(void)
{
    go_yield();
    filled++;
}

static void this_once_done(void)
{
    pthread_once(&this_once, done);
    MUST(filled == 1);
}

static void that_once_done(void)
{
    pthread_once(&that_once, done);
}

static void by_this_that(void)
{
    pthread_once(&this_once, that_once_done);
}

static void by_that_this(void)
{
    pthread_once(&that_once, this_once_done);
}

SCENARIO(once, .about = "who comes second waits", .explore = true)
{
    both(this_once_done, this_once_done);
}

SCENARIO(once_across, .about = "two that wait for each other's end",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    both(by_this_that, by_that_this);
}

static void prints(void)
{
    flockfile(stdout);
    flockfile(stdout);
    MUST(inside++ == 0);
    go_yield();
    inside--;
    funlockfile(stdout);
    funlockfile(stdout);
}

static void prints_with_a(void)
{
    flockfile(stdout);
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
    funlockfile(stdout);
}

static void a_and_prints(void)
{
    pthread_mutex_lock(&a);
    flockfile(stdout);
    funlockfile(stdout);
    pthread_mutex_unlock(&a);
}

SCENARIO(stream, .about = "a stream's lock, twice", .explore = true)
{
    both(prints, prints);
}

SCENARIO(stream_and_mutex, .about = "in opposite orders",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    both(prints_with_a, a_and_prints);
}

static pthread_spinlock_t spin;

static void spins(bool again_)
{
    pthread_spin_lock(&spin);
    if (again_)
        pthread_spin_lock(&spin);
    go_yield();
    pthread_spin_unlock(&spin);
}

SCENARIO(spin, .about = "a spin lock over a yield", .explore = true)
{
    struct go_waitgroup wg = {0};

    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    go_waitgroup_go(&wg, spins, false);
    go_waitgroup_go(&wg, spins, false);
    go_waitgroup_wait(&wg);
}

SCENARIO(spin_twice, .about = "a spin lock, by who has it",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    spins(true);
}

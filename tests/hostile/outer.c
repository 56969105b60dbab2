/*
 * outer.c - locks of the C library between goroutines: what goes wrong with
 * them, and the same as it would be right.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <vigil/scenario.h>

#include "tests/hostile/both.h"

#define MUST(what)                                                             \
    do {                                                                       \
        if (!(what))                                                           \
            go_panic("%s", "it is not so: " #what);                            \
    } while (0)

/* ---- mutexes -------------------------------------------------------------*/

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void with_both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    pthread_mutex_lock(first);
    pthread_mutex_lock(second);
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
}

static void a_then_b(void)
{
    with_both(&a, &b);
}

static void b_then_a(void)
{
    with_both(&b, &a);
}

SCENARIO(ring, .about = "two mutexes, in opposite orders",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    both(a_then_b, b_then_a);
}

SCENARIO(in_order, .about = "two mutexes, in one order", .explore = true)
{
    both(a_then_b, a_then_b);
}

static struct go_atomic begun;

static void wait_for_begun(void)
{
    while (!go_atomic_load(&begun))
        go_yield();
}

/* So long that others are looked at meanwhile. */
static void be_long(void)
{
    go_atomic_store(&begun, 1);
    for (int i = 0; i < 3000; i++)
        go_yield();
}

static void hold_long(void)
{
    pthread_mutex_lock(&a);
    be_long();
    pthread_mutex_unlock(&a);
}

SCENARIO(held_long, .about = "who waits for a mutex whose owner goes on",
         .explore = true)
{
    go(hold_long);
    wait_for_begun();
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
}

static void post_late(sem_t *s)
{
    be_long();
    sem_post(s);
}

SCENARIO(posted_late, .about = "who waits for a unit that comes late",
         .explore = true)
{
    sem_t s;

    sem_init(&s, 0, 0);
    go(post_late, &s);
    sem_wait(&s);
}

static void dine(pthread_mutex_t *forks, int i, bool polite)
{
    int left = i, right = (i + 1) % 3;

    if (polite && left > right)
        with_both(&forks[right], &forks[left]);
    else
        with_both(&forks[left], &forks[right]);
}

static void philosophers(bool polite)
{
    pthread_mutex_t forks[3];
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 3; i++)
        pthread_mutex_init(&forks[i], NULL);
    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, dine, forks, i, polite);
    go_waitgroup_wait(&wg);
}

SCENARIO(philosophers, .about = "three take the left fork first",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    philosophers(false);
}

SCENARIO(philosophers_polite, .about = "three take the lower fork first",
         .explore = true)
{
    philosophers(true);
}

static void locks_for_ever(void)
{
    pthread_mutex_lock(&a);
}

SCENARIO(abandoned, .about = "one ends with it locked",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    both(locks_for_ever, locks_for_ever);
}

static void unlocks(void)
{
    pthread_mutex_unlock(&a);
}

SCENARIO(unlocked_by_another, .about = "a mutex as a signal", .explore = true)
{
    pthread_mutex_lock(&a);
    go(unlocks);
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
}

static pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int inside;

static void twice(bool lets_go)
{
    pthread_mutex_lock(&again);
    pthread_mutex_lock(&again);
    MUST(inside++ == 0);
    go_yield();
    inside--;
    pthread_mutex_unlock(&again);
    if (lets_go)
        pthread_mutex_unlock(&again);
}

static void twice_and_back(void)
{
    twice(true);
}

static void twice_and_once(void)
{
    twice(false);
}

SCENARIO(recursive, .about = "locked twice, by one at a time", .explore = true)
{
    both(twice_and_back, twice_and_back);
}

SCENARIO(recursive_left, .about = "locked twice, and unlocked once",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    both(twice_and_once, twice_and_once);
}

static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static void locks_checked(void)
{
    MUST(pthread_mutex_lock(&checked) == 0);
    go_yield();
    MUST(pthread_mutex_lock(&checked) == EDEADLK);
    MUST(pthread_mutex_unlock(&checked) == 0);
    MUST(pthread_mutex_unlock(&checked) == EPERM);
}

SCENARIO(errors_are_ones_own, .about = "EDEADLK, EPERM", .explore = true)
{
    both(locks_checked, locks_checked);
}

static struct timespec in(clockid_t clock, time_t seconds)
{
    struct timespec t;

    clock_gettime(clock, &t);
    t.tv_sec += seconds;
    return t;
}

static void waits_ten_seconds(void)
{
    struct timespec t = in(CLOCK_REALTIME, 10);
    int err = pthread_mutex_timedlock(&a, &t);

    MUST(err == 0 || err == ETIMEDOUT);
    if (!err)
        pthread_mutex_unlock(&a);
}

static void holds_it_for_an_hour(void)
{
    pthread_mutex_lock(&a);
    go_sleep(GO_HOUR);
    pthread_mutex_unlock(&a);
}

SCENARIO(late, .about = "timedlock of what is held", .explore = true)
{
    both(waits_ten_seconds, holds_it_for_an_hour);
}

/* ---- conditions ----------------------------------------------------------*/

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER;
static int filled;

static void put(pthread_cond_t *is_room, pthread_cond_t *is_full)
{
    pthread_mutex_lock(&m);
    while (filled == 1)
        pthread_cond_wait(is_room, &m);
    filled++;
    pthread_cond_signal(is_full);
    pthread_mutex_unlock(&m);
}

static void get(pthread_cond_t *is_room, pthread_cond_t *is_full)
{
    pthread_mutex_lock(&m);
    while (filled == 0)
        pthread_cond_wait(is_full, &m);
    filled--;
    pthread_cond_signal(is_room);
    pthread_mutex_unlock(&m);
}

static void buffer(pthread_cond_t *is_room, pthread_cond_t *is_full)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 2; i++)
        go_waitgroup_go(&wg, get, is_room, is_full);
    for (int i = 0; i < 2; i++)
        go_waitgroup_go(&wg, put, is_room, is_full);
    go_waitgroup_wait(&wg);
}

SCENARIO(one_condition, .about = "a signal that wakes the wrong one",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    buffer(&full, &full);
}

SCENARIO(two_conditions, .about = "a bounded buffer", .explore = true)
{
    buffer(&room, &full);
}

static void waits_blindly(void)
{
    pthread_mutex_lock(&m);
    pthread_cond_wait(&full, &m);
    pthread_mutex_unlock(&m);
}

static void waits_a_while(void)
{
    struct timespec t = in(CLOCK_REALTIME, 1);
    int err = 0;

    pthread_mutex_lock(&m);
    while (!filled && !err)
        err = pthread_cond_timedwait(&full, &m, &t);
    MUST(err == 0 || (err == ETIMEDOUT));
    pthread_mutex_unlock(&m);
}

static void signals(void)
{
    pthread_mutex_lock(&m);
    filled = 1;
    pthread_cond_signal(&full);
    pthread_mutex_unlock(&m);
}

SCENARIO(lost, .about = "a signal that comes before the wait",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    both(waits_blindly, signals);
}

SCENARIO(in_time, .about = "a wait that ends by itself", .explore = true)
{
    both(waits_a_while, waits_a_while);
}

SCENARIO(unheld, .about = "a wait without the lock", .explore = true)
{
    MUST(pthread_mutex_lock(&checked) == 0);
    MUST(pthread_mutex_unlock(&checked) == 0);
    MUST(pthread_cond_wait(&full, &checked) == EPERM);
}

static mtx_t c11;
static cnd_t c11_said;

static void waits_c11(void)
{
    mtx_lock(&c11);
    while (!filled)
        cnd_wait(&c11_said, &c11);
    mtx_unlock(&c11);
}

static void says_c11(void)
{
    mtx_lock(&c11);
    filled = 1;
    mtx_unlock(&c11);
    cnd_signal(&c11_said);
}

static void three_c11(void (*says)(cnd_t *))
{
    struct go_waitgroup wg = {0};

    mtx_init(&c11, mtx_plain);
    cnd_init(&c11_said);
    go_waitgroup_go(&wg, waits_c11);
    both(waits_c11, says_c11);
    if (says)
        says(&c11_said);
    go_waitgroup_wait(&wg);
}

SCENARIO(one_for_two, .about = "one signal, and two that wait",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    three_c11(NULL);
}

SCENARIO(c11, .about = "C11's names", .explore = true)
{
    mtx_init(&c11, mtx_plain);
    cnd_init(&c11_said);
    both(waits_c11, says_c11);
}

/* ---- the others ----------------------------------------------------------*/

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

/* ---- threads -------------------------------------------------------------*/

static pid_t born;

static __attribute__((constructor)) void note_birth(void)
{
    born = getpid();
}

static void *nothing(void *arg)
{
    return arg;
}

SCENARIO(beside_a_thread, .about = "a thread, and a failure where it is sought")
{
    pthread_t t;

    MUST(pthread_create(&t, NULL, nothing, NULL) == 0);
    MUST(pthread_join(t, NULL) == 0);
    MUST(getpid() == born);
}

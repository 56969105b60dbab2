/*
 * outer.c - mutexes of the C library between goroutines: what goes wrong with
 * them, and the same as it would be right.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <unistd.h>

#include "tests/hostile/outer.h"

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

/*
 * program.c - scenarios with locks of the C library's, linked with a library
 * (library.c) that uses the same ones.
 */
#include <pthread.h>
#include <semaphore.h>
#include <vigil/scenario.h>

#include "tests/brought/library.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER,
                       b = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t units;
static int state;

static void both(pthread_mutex_t *one, pthread_mutex_t *other)
{
    pthread_mutex_lock(one);
    pthread_mutex_lock(other);
    pthread_mutex_unlock(other);
    pthread_mutex_unlock(one);
}

SCENARIO(ring, .about = "two locks, two orders", .expect = EXPECT_DEADLOCK,
         .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_wait(&wg);
}

SCENARIO(no_unit, .about = "nobody posts", .expect = EXPECT_DEADLOCK,
         .explore = true)
{
    sem_init(&units, 0, 0);
    sem_wait(&units);
}

SCENARIO(posts, .about = "a goroutine posts by the library", .explore = true)
{
    sem_init(&units, 0, 0);
    go(brought_post, &units);
    sem_wait(&units);
}

static void change(void)
{
    pthread_mutex_lock(&a);
    state = 1;
    pthread_mutex_unlock(&a);
    brought_signal(&changed);
}

SCENARIO(signals, .about = "a goroutine signals by the library",
         .explore = true)
{
    go(change);
    pthread_mutex_lock(&a);
    while (!state)
        pthread_cond_wait(&changed, &a);
    pthread_mutex_unlock(&a);
}

static void hold(void)
{
    brought_lock(&a);
    go_sleep(GO_MILLISECOND);
    brought_unlock(&a);
}

SCENARIO(holds, .about = "the library holds a lock for a while",
         .explore = true)
{
    go(hold);
    go_yield();
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
}

static void lock_and_stay(chan(int) there)
{
    go_expect_daemon();
    pthread_mutex_lock(&a);
    chan_send(there, 1);
    chan_recv((chan(int))NULL);
}

static void take_over(chan(int) there)
{
    brought_unlock(&a);
    brought_lock(&a);
    chan_send(there, 1);
    for (int i = 0; i < 1000; i++)
        go_sleep(GO_MILLISECOND);
    brought_unlock(&a);
}

SCENARIO(takes_over, .about = "it is another's who has it now", .explore = true)
{
    chan(int) there = chan_make(int, 0);

    go(lock_and_stay, there);
    chan_recv(there);
    go(take_over, there);
    chan_recv(there);
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
}

SCENARIO(thread, .about = "a thread of the library's posts", .explore = true)
{
    sem_init(&units, 0, 0);
    brought_thread(&units);
    sem_wait(&units);
}

SCENARIO(handler, .about = "a handler of the library's posts", .explore = true)
{
    sem_init(&units, 0, 0);
    brought_handler(&units);
    brought_alarm(&units);
    sem_wait(&units);
}

SCENARIO(before, .about = "a handler that was there before posts",
         .explore = true)
{
    sem_init(&units, 0, 0);
    brought_alarm(&units);
    sem_wait(&units);
}

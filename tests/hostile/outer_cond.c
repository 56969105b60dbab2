/*
 * outer_cond.c - conditions of the C library between goroutines, by both of
 * its names.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <threads.h>

#include "tests/hostile/outer.h"

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

static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

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

/*
 * outer_beside.c - who waits for a lock of the C library's beside a daemon that
 * goes on for ever: stuck, and not.
 */
#define _GNU_SOURCE
#include <semaphore.h>
#include <stdlib.h>

#include "tests/hostile/outer.h"

static void count_on(void)
{
    volatile unsigned n = 0;

    go_expect_daemon();
    for (;;) {
        n++;
        go_yield();
    }
}

static void both_beside(void (*one)(void), void (*two)(void))
{
    go(count_on);
    both(one, two);
}

SCENARIO(mutexes, .about = "in opposite orders", .expect = EXPECT_DEADLOCK)
{
    both_beside(a_then_b, b_then_a);
}

SCENARIO(mutexes_fixed, .about = "in one order")
{
    both_beside(a_then_b, a_then_b);
}

static pthread_rwlock_t left = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t right = PTHREAD_RWLOCK_INITIALIZER;

static void read_write(pthread_rwlock_t *one, pthread_rwlock_t *two)
{
    pthread_rwlock_rdlock(one);
    pthread_rwlock_wrlock(two);
    pthread_rwlock_unlock(two);
    pthread_rwlock_unlock(one);
}

static void left_then_right(void)
{
    read_write(&left, &right);
}

static void right_then_left(void)
{
    read_write(&right, &left);
}

SCENARIO(rwlocks, .about = "each reads what the other wants to write",
         .expect = EXPECT_DEADLOCK)
{
    both_beside(left_then_right, right_then_left);
}

SCENARIO(rwlocks_fixed, .about = "one after the other")
{
    both_beside(left_then_right, a_then_b);
}

static void post_late(sem_t *units)
{
    go_expect_daemon();
    for (int i = 0; i < 3000; i++)
        go_yield();
    sem_post(units);
    count_on();
}

SCENARIO(no_post, .about = "the daemon posts to another semaphore",
         .expect = EXPECT_DEADLOCK)
{
    sem_t *mine = malloc(sizeof(*mine)), *its = malloc(sizeof(*its));

    sem_init(mine, 0, 0);
    sem_init(its, 0, 0);
    go(post_late, its);
    sem_wait(mine);
}

SCENARIO(no_post_fixed, .about = "it posts to this one, much later")
{
    sem_t *mine = malloc(sizeof(*mine));

    sem_init(mine, 0, 0);
    go(post_late, mine);
    sem_wait(mine);
    free(mine);
}

SCENARIO(timed_fixed, .about = "time ends what nobody else does")
{
    struct timespec until = in(CLOCK_REALTIME, 1);

    go(count_on);
    pthread_mutex_lock(&a);
    pthread_mutex_timedlock(&a, &until);
    pthread_mutex_unlock(&a);
}

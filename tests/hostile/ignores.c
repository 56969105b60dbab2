/*
 * ignores.c - goroutines that wait for each other, in a program that has to do
 * with signals: one that it ignores helps nobody; a handler may, also where the
 * signal that installs it is a stricter standard's, of another name.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>
#include <vigil/scenario.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void lock_both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    pthread_mutex_lock(first);
    pthread_mutex_lock(second);
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
}

static void ring(void)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, lock_both, &a, &b);
    go_waitgroup_go(&wg, lock_both, &b, &a);
    go_waitgroup_wait(&wg);
}

SCENARIO(ignores, .about = "one signal", .explore = true,
         .expect = EXPECT_DEADLOCK)
{
    signal(SIGPIPE, SIG_IGN);
    ring();
}

SCENARIO(asks, .about = "what becomes of one", .explore = true,
         .expect = EXPECT_DEADLOCK)
{
    struct sigaction now;

    sigaction(SIGPIPE, NULL, &now);
    ring();
}

static sem_t sem;

static void post(int sig)
{
    (void)sig;
    sem_post(&sem);
}

SCENARIO(handles, .about = "one, as ISO C has it", .explore = true)
{
    sem_init(&sem, 0, 0);
    signal(SIGALRM, post);
    alarm(1);
    sem_wait(&sem);
}

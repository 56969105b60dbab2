/*
 * library.c - a library that a scenario program brings: it takes locks and lets
 * go of them for whoever calls it, starts threads and handles signals.
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/brought/library.h"

int brought; /* so that it has a variable */
static sem_t *to_post;

void brought_post(sem_t *s)
{
    sem_post(s);
}

void brought_signal(pthread_cond_t *c)
{
    pthread_cond_signal(c);
}

void brought_lock(pthread_mutex_t *m)
{
    pthread_mutex_lock(m);
}

void brought_unlock(pthread_mutex_t *m)
{
    pthread_mutex_unlock(m);
}

static void *post_late(void *s)
{
    usleep(2000);
    sem_post(s);
    return NULL;
}

void brought_thread(sem_t *s)
{
    pthread_t t;

    pthread_create(&t, NULL, post_late, s);
    pthread_detach(t);
}

static void post(int sig)
{
    (void)sig;
    sem_post(to_post);
}

void brought_handler(sem_t *s)
{
    to_post = s;
    signal(SIGALRM, post);
}

void brought_alarm(sem_t *s)
{
    const struct itimerval soon = {.it_value.tv_usec = 2000};

    to_post = s;
    setitimer(ITIMER_REAL, &soon, NULL);
}

#ifdef HANDLES
__attribute__((constructor)) static void handle(void)
{
    signal(SIGALRM, post);
}
#endif

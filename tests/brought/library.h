/*
 * library.h - what library.c does for its caller.
 */
#ifndef TESTS_BROUGHT_LIBRARY_H
#define TESTS_BROUGHT_LIBRARY_H

#include <pthread.h>
#include <semaphore.h>

extern int brought;
void brought_post(sem_t *s);
void brought_signal(pthread_cond_t *c);
void brought_lock(pthread_mutex_t *m);
void brought_unlock(pthread_mutex_t *m);
/* A thread posts, after a moment. */
void brought_thread(sem_t *s);
/* A handler posts, when an alarm comes; which does, after a moment. */
void brought_handler(sem_t *s);
void brought_alarm(sem_t *s);

#endif

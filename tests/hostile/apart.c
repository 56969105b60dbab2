/*
 * apart.c - goroutines that only the C library and the kernel keep apart, in
 * code that tells its loads and stores.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <search.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>
#include <vigil/scenario.h>

#include "tests/hostile/both.h"

static int shared, fds[2];

static void add(void)
{
    shared++;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other_mutex = PTHREAD_MUTEX_INITIALIZER;

static void by_mutex(void)
{
    pthread_mutex_lock(&mutex);
    add();
    pthread_mutex_unlock(&mutex);
}

static void by_trylock(void)
{
    if (pthread_mutex_trylock(&mutex))
        return;
    add();
    pthread_mutex_unlock(&mutex);
}

static void by_other_mutex(void)
{
    pthread_mutex_lock(&other_mutex);
    add();
    pthread_mutex_unlock(&other_mutex);
}

SCENARIO(mutex_orders, .about = "one mutex")
{
    both(by_mutex, by_mutex);
    both(by_mutex, by_trylock);
}

/* Whoever calls what was deferred calls it. */
static void by_deferred_unlock(void)
{
    pthread_mutex_lock(&mutex);
    go_defer(pthread_mutex_unlock, &mutex);
    go_yield();
    add();
}

SCENARIO(deferred_orders, .about = "one mutex, its unlock deferred")
{
    both(by_deferred_unlock, by_deferred_unlock);
}

SCENARIO(mutexes_race, .about = "two mutexes")
{
    both(by_mutex, by_other_mutex);
}

static void by_c11(void)
{
    static mtx_t mtx;
    static once_flag once = ONCE_FLAG_INIT;

    call_once(&once, add);
    (void)(shared == 7);
    mtx_lock(&mtx);
    static int own;
    own++;
    mtx_unlock(&mtx);
}

SCENARIO(c11_orders, .about = "mtx_lock, call_once")
{
    both(by_c11, by_c11);
}

static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;

static void to_write(void)
{
    pthread_rwlock_wrlock(&rw);
    add();
    pthread_rwlock_unlock(&rw);
}

static void to_read(void)
{
    volatile int seen;

    pthread_rwlock_rdlock(&rw);
    seen = shared;
    pthread_rwlock_unlock(&rw);
    (void)seen;
}

static void to_read_and_write(void)
{
    pthread_rwlock_rdlock(&rw);
    add();
    pthread_rwlock_unlock(&rw);
}

SCENARIO(rwlock_orders, .about = "a writer and a reader, two readers")
{
    both(to_write, to_read);
    both(to_read, to_read);
}

SCENARIO(readers_race, .about = "writes under a read lock")
{
    both(to_read_and_write, to_read_and_write);
}

static pthread_spinlock_t spin;

static void by_spinlock(void)
{
    pthread_spin_lock(&spin);
    add();
    pthread_spin_unlock(&spin);
}

SCENARIO(spinlock_orders, .about = "a spinlock")
{
    pthread_spin_init(&spin, 0);
    both(by_spinlock, by_spinlock);
}

static void by_once(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, add);
    (void)*(volatile int *)&shared;
}

static void behind_once(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, by_once);
    add();
}

SCENARIO(once_orders, .about = "what runs once")
{
    both(by_once, by_once);
}

SCENARIO(once_races, .about = "what follows a once")
{
    both(behind_once, behind_once);
}

static sem_t sem;

static void post(void)
{
    add();
    sem_post(&sem);
}

static void take(void)
{
    sem_wait(&sem);
    add();
}

static void take_nothing(void)
{
    sem_trywait(&sem);
    add();
}

SCENARIO(semaphore_orders, .about = "post, wait")
{
    sem_init(&sem, 0, 0);
    both(post, take);
}

SCENARIO(semaphore_races, .about = "a try that may have failed")
{
    sem_init(&sem, 0, 0);
    both(post, take_nothing);
}

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int ready;

static void signals(void)
{
    add();
    pthread_mutex_lock(&mutex);
    ready = 1;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
}

static void waits(void)
{
    pthread_mutex_lock(&mutex);
    while (!ready)
        pthread_cond_wait(&cond, &mutex);
    pthread_mutex_unlock(&mutex);
    add();
}

SCENARIO(cond_orders, .about = "a condition")
{
    both(signals, waits);
}

static void tell(void)
{
    add();
    (void)!write(fds[1], "x", 1);
}

static void hear(void)
{
    char byte;

    while (read(fds[0], &byte, 1) != 1)
        go_yield();
    add();
}

SCENARIO(pipe_orders, .about = "a pipe")
{
    (void)!pipe2(fds, O_NONBLOCK);
    both(tell, hear);
    close(fds[0]);
    close(fds[1]);
}

SCENARIO(pipe_races, .about = "two that write to a pipe")
{
    (void)!pipe2(fds, O_NONBLOCK);
    both(tell, tell);
    close(fds[0]);
    close(fds[1]);
}

static void add_event(void)
{
    add();
    eventfd_write(fds[0], 1);
}

static void take_event(void)
{
    eventfd_t n;

    while (eventfd_read(fds[0], &n))
        go_yield();
    add();
}

SCENARIO(eventfd_orders, .about = "an eventfd")
{
    fds[0] = eventfd(0, EFD_NONBLOCK);
    both(add_event, take_event);
    close(fds[0]);
}

static void send_signal(void)
{
    add();
    raise(SIGUSR2);
}

static void wait_for_signal(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    while (sigtimedwait(&set, NULL, &(struct timespec){0, 0}) < 0)
        go_yield();
    add();
}

SCENARIO(signal_orders, .about = "a signal that is waited for")
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    both(send_signal, wait_for_signal);
}

/* ---- what can not be followed --------------------------------------------*/

static void *nothing(void *arg)
{
    return arg;
}

SCENARIO(thread, .about = "a thread of its own, and a race")
{
    pthread_t t;

    pthread_create(&t, NULL, nothing, NULL);
    pthread_join(t, NULL);
    both(add, add);
}

/* What a child does is no step. */
static void lock_in_child(void)
{
    int status = 0;
    pid_t child;

    pthread_mutex_lock(&mutex);
    child = fork();
    if (child == 0) {
        pthread_mutex_unlock(&mutex);
        pthread_mutex_lock(&mutex);
        _exit(0);
    }
    waitpid(child, &status, 0);
    pthread_mutex_unlock(&mutex);
    if (status)
        abort();
}

SCENARIO(child_orders, .about = "a child that has the lock, too")
{
    both(lock_in_child, lock_in_child);
}

/* Who waits for one is not stuck. */
static pthread_mutex_t of_threads = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t said = PTHREAD_COND_INITIALIZER;
static sem_t from_outside;
static bool is_said;

static void *hold_and_say(void *arg)
{
    pthread_mutex_lock(&of_threads);
    sem_post(&from_outside);
    usleep(3000);
    pthread_mutex_unlock(&of_threads);
    usleep(3000);
    pthread_mutex_lock(&of_threads);
    is_said = true;
    pthread_cond_signal(&said);
    pthread_mutex_unlock(&of_threads);
    return arg;
}

SCENARIO(thread_lets_go, .about = "of a unit, a lock, and a condition")
{
    pthread_t t;

    sem_init(&from_outside, 0, 0);
    pthread_create(&t, NULL, hold_and_say, NULL);
    sem_wait(&from_outside);
    pthread_mutex_lock(&of_threads);
    while (!is_said)
        pthread_cond_wait(&said, &of_threads);
    pthread_mutex_unlock(&of_threads);
    pthread_join(t, NULL);
}

static void post_unit(int signal)
{
    (void)signal;
    sem_post(&from_outside);
}

SCENARIO(handler_posts, .about = "a unit, a moment later")
{
    const struct itimerval soon = {.it_value = {.tv_usec = 3000}};

    sem_init(&from_outside, 0, 0);
    signal(SIGALRM, post_unit);
    setitimer(ITIMER_REAL, &soon, NULL);
    sem_wait(&from_outside);
}

static void on_signal(int signal)
{
    (void)signal;
}

SCENARIO(handler, .about = "a signal handler, and a race")
{
    signal(SIGUSR1, on_signal);
    both(add, add);
}

static void add_with_a_yield(void)
{
    static pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

    pthread_mutex_lock(&again);
    go_yield();
    add();
    pthread_mutex_unlock(&again);
}

SCENARIO(recursive_orders, .about = "one thread may lock it twice")
{
    both(add_with_a_yield, add_with_a_yield);
}

/* The race makes accesses choices, also with a lock held. */
static void add_and_lock(void)
{
    static int own;

    add();
    pthread_mutex_lock(&mutex);
    own++;
    pthread_mutex_unlock(&mutex);
}

SCENARIO(race_beside_a_lock, .about = "a race, and a lock")
{
    both(add_and_lock, add_and_lock);
}

static void pass(void)
{
    pthread_mutex_lock(&mutex);
    go_yield();
    add();
    pthread_mutex_unlock(&mutex);
}

SCENARIO(lock_over_a_yield, .about = "a lock that is held while others go on")
{
    both(pass, pass);
}

/* Its unlock returns into the C library: a callback may end in one. */
static void pass_by_search(void)
{
    int (*unlock)(const void *, const void *) = (void *)pthread_mutex_unlock;
    size_t n = 1;
    int one = 0;

    pthread_mutex_lock(&mutex);
    go_yield();
    add();
    lfind(&mutex, &one, &n, sizeof(one), unlock);
}

SCENARIO(callback_orders, .about = "the C library calls the unlock")
{
    both(pass_by_search, pass_by_search);
}

SCENARIO(bare, .about = "nothing orders")
{
    both(add, add);
}

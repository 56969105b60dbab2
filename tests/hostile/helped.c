/*
 * helped.c - goroutines that wait for what a thread of the program's own does,
 * a process or a handler of a signal; or might do.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vigil/scenario.h>

static chan(int) c;
static struct go_waitgroup wg;

static void *send_late(void *arg)
{
    usleep(2000);
    chan_send(c, 1);
    return arg;
}

static void *count_late(void *arg)
{
    usleep(2000);
    go_waitgroup_done(&wg);
    return arg;
}

static void *idle(void *arg)
{
    for (;;)
        pause();
    return arg;
}

SCENARIO(sent, .about = "a thread sends, though nobody else can go on")
{
    pthread_t t;

    c = chan_make(int, 1);
    pthread_create(&t, NULL, send_late, NULL);
    chan_recv(c);
    pthread_join(t, NULL);
}

SCENARIO(counted, .about = "a thread counts down a group")
{
    pthread_t t;

    go_waitgroup_add(&wg, 1);
    pthread_create(&t, NULL, count_late, NULL);
    go_waitgroup_wait(&wg);
    pthread_join(t, NULL);
}

static void *end_at_once(void *arg)
{
    return arg;
}

SCENARIO(aside, .about = "a thread for which nobody waits")
{
    pthread_t t;

    go_waitgroup_go(&wg, go_yield);
    pthread_create(&t, NULL, end_at_once, NULL);
    pthread_detach(t);
    go_waitgroup_wait(&wg);
}

SCENARIO(ring, .about = "what an idle thread can not help is proven beside it",
         .expect = EXPECT_DEADLOCK)
{
    struct go_mutex mu = {0};
    pthread_t t;

    pthread_create(&t, NULL, idle, NULL);
    go_mutex_lock(&mu);
    go_mutex_lock(&mu);
}

SCENARIO(waits, .about = "what it could help is not")
{
    pthread_t t;

    pthread_create(&t, NULL, idle, NULL);
    c = chan_make(int, 0);
    chan_recv(c);
}

/* What a child process shares. */
struct shared {
    sem_t units;
    unsigned n; /* yields of the daemon */
};

enum {
    LATE = 250000 /* yields: more steps than any execution has */
};

static struct shared *share(void)
{
    struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    sem_init(&s->units, 1, 0);
    return s;
}

static void count_on(struct shared *s)
{
    go_expect_daemon();
    for (;;) {
        __atomic_add_fetch(&s->n, 1, __ATOMIC_RELAXED);
        go_yield();
    }
}

static void *post_late(void *arg)
{
    struct shared *s = arg;

    while (__atomic_load_n(&s->n, __ATOMIC_RELAXED) < LATE)
        sched_yield();
    sem_post(&s->units);
    return NULL;
}

SCENARIO(thread_posts, .about = "beside a daemon, when no choice is left")
{
    static struct shared s;
    pthread_t t;

    s.n = 0;
    sem_init(&s.units, 0, 0);
    go(count_on, &s);
    pthread_create(&t, NULL, post_late, &s);
    sem_wait(&s.units);
    pthread_join(t, NULL);
}

SCENARIO(child_posts, .about = "a process, beside a daemon")
{
    struct shared *s = share();

    go(count_on, s);
    if (fork() == 0) {
        post_late(s);
        _exit(0);
    }
    sem_wait(&s->units);
    wait(NULL);
}

static sem_t *handled;

static void on_signal(int sig)
{
    (void)sig;
    sem_post(handled);
}

SCENARIO(handler_posts, .about = "a handler, beside a daemon")
{
    struct shared *s = share();
    sem_t units;

    sem_init(&units, 0, 0);
    handled = &units;
    signal(SIGUSR2, on_signal);
    go(count_on, s);
    if (fork() == 0) {
        post_late(s);
        kill(getppid(), SIGUSR2);
        _exit(0);
    }
    sem_wait(&units);
    wait(NULL);
}

/* Until its parent goes, with which it would wait for the other end. */
static void idle_child(const int fds[2])
{
    char byte;

    close(fds[1]);
    if (read(fds[0], &byte, 1) <= 0)
        _exit(0);
}

SCENARIO(child_could, .about = "what a child could let go of is not proven")
{
    struct shared *s = share();
    int fds[2];

    if (pipe(fds) == 0 && fork() == 0)
        idle_child(fds);
    sem_wait(&s->units);
}

/*
 * helped.c - goroutines that wait for what a thread of the program's own does,
 * or might do.
 */
#include <pthread.h>
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

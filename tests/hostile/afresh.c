/*
 * afresh.c - what was made anew in the place of something that ended: nothing
 * that was noted of the first is so of the second.
 */
#include <pthread.h>
#include <vigil/scenario.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;

static void signal_it(void)
{
    pthread_cond_signal(&c);
}

SCENARIO(afresh, .about = "nobody has ever signalled this condition",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, signal_it);
    go_waitgroup_wait(&wg);
    pthread_cond_destroy(&c);
    pthread_cond_init(&c, NULL);
    pthread_mutex_lock(&m);
    pthread_cond_wait(&c, &m);
}

/*
 * close_waits_for_the_goroutine_that_waits_for_the_lock - the twin: joins
 * after the unlock.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

struct service {
    struct go_mutex mu;
    struct go_waitgroup workers;
    chan(bool) quit;
    int state; /* [mu] */
};

static void work(struct service *s)
{
    chan_recv(s->quit);
    go_mutex_lock(&s->mu);
    s->state = 1;
    go_mutex_unlock(&s->mu);
}

static void service_close(struct service *s)
{
    go_mutex_lock(&s->mu);
    chan_close(s->quit);
    go_mutex_unlock(&s->mu);
    go_waitgroup_wait(&s->workers);
}

SCENARIO(close_waits_for_the_goroutine_that_waits_for_the_lock,
         .about = "close joins the worker after the unlock")
{
    struct service s = {.quit = chan_make(bool, 0)};

    go_waitgroup_go(&s.workers, work, &s);
    service_close(&s);
    CHECK_EQ(s.state, 1);
}

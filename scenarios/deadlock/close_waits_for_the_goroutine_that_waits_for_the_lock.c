/*
 * close_waits_for_the_goroutine_that_waits_for_the_lock - a close method that
 * joins its worker with the lock held.
 *
 * Pattern: worker and closer share a lock; the closer holds it while it waits
 * for the worker. Expected: DEADLOCK, a ring of two. Origin: half of the
 * shutdown hangs in the GoBench study.
 */
#include <vigil/scenario.h>

struct service {
    struct go_mutex mu;
    struct go_waitgroup workers;
    chan(bool) quit;
    int state; /* [mu] */
};

static void work(struct service *s)
{
    chan_recv(s->quit);
    go_mutex_lock(&s->mu); /* one last note */
    s->state = 1;
    go_mutex_unlock(&s->mu);
}

static void service_close(struct service *s)
{
    go_mutex_lock(&s->mu);
    chan_close(s->quit);
    go_waitgroup_wait(&s->workers);
    go_mutex_unlock(&s->mu);
}

SCENARIO(close_waits_for_the_goroutine_that_waits_for_the_lock,
         .about = "close joins the worker with the lock held",
         .expect = EXPECT_DEADLOCK)
{
    struct service s = {.quit = chan_make(bool, 0)};

    go_waitgroup_go(&s.workers, work, &s);
    service_close(&s);
}

/*
 * callback_under_lock - foreign code is called with the lock held.
 *
 * Pattern: an observer unsubscribes from within its notification. Expected:
 * DEADLOCK, a ring of one through a function pointer. Origin: classic.
 */
#include <vigil/scenario.h>

struct topic {
    struct go_mutex mu;
    void (*observer)(struct topic *); /* [mu] */
};

static void unsubscribe(struct topic *t)
{
    go_mutex_lock(&t->mu);
    t->observer = NULL;
    go_mutex_unlock(&t->mu);
}

static void notify(struct topic *t)
{
    go_mutex_lock(&t->mu);
    if (t->observer)
        t->observer(t);
    go_mutex_unlock(&t->mu);
}

SCENARIO(callback_under_lock, .about = "the callback locks again",
         .expect = EXPECT_DEADLOCK)
{
    struct topic t = {.observer = unsubscribe};

    notify(&t);
}

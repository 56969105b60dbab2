/*
 * callback_under_lock - the twin: copied under the lock, called without it.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

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
    void (*observer)(struct topic *) = t->observer;
    go_mutex_unlock(&t->mu);
    if (observer)
        observer(t);
}

SCENARIO(callback_under_lock, .about = "the callback is called unlocked")
{
    struct topic t = {.observer = unsubscribe};

    notify(&t);
    CHECK(!t.observer);
}

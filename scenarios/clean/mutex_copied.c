/*
 * mutex_copied - the twin: what is copied is what the lock guards.
 *
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

struct counter {
    struct go_mutex mu;
    int hits;
};

static void hit(struct counter *c)
{
    go_mutex_lock(&c->mu);
    c->hits++;
    go_mutex_unlock(&c->mu);
}

SCENARIO(mutex_copied, .about = "the copy has a lock of its own")
{
    struct counter all = {.hits = 1}, today = {.hits = 0};

    go_mutex_lock(&all.mu);
    today.hits = all.hits; /* without the lock */
    go_mutex_unlock(&all.mu);
    hit(&today);
}

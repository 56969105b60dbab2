/*
 * mutex_copied - a struct is copied while its lock is held.
 *
 * Pattern: a lock that is copied by value comes locked, and nobody holds the
 * copy. Expected: DEADLOCK. Origin: what "go vet" calls copylocks.
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

SCENARIO(mutex_copied, .about = "a copy of a held lock is held by nobody",
         .expect = EXPECT_DEADLOCK)
{
    struct counter all = {.hits = 1}, today;

    go_mutex_lock(&all.mu);
    today = all; /* with the lock in it */
    go_mutex_unlock(&all.mu);
    hit(&today);
}

/*
 * lock_held_across_cond_of_other - waits on a condition with a second lock
 * held.
 *
 * Pattern: the wait gives back the condition's own lock only; who should
 * signal needs the other one first. Expected: DEADLOCK. Origin: nested
 * monitors, classic.
 */
#include <vigil/scenario.h>

struct nested {
    struct go_mutex outer, inner;
    struct go_cond ready;
    bool is_ready;
};

static void make_ready(struct nested *n)
{
    go_mutex_lock(&n->outer);
    go_mutex_lock(&n->inner);
    n->is_ready = true;
    go_cond_signal(&n->ready);
    go_mutex_unlock(&n->inner);
    go_mutex_unlock(&n->outer);
}

SCENARIO(lock_held_across_cond_of_other,
         .about = "condition wait with the outer lock held",
         .expect = EXPECT_DEADLOCK)
{
    struct nested n = {0};

    go_mutex_lock(&n.outer);
    go(make_ready, &n);
    go_mutex_lock(&n.inner);
    while (!n.is_ready)
        go_cond_wait(&n.ready, &n.inner);
    go_mutex_unlock(&n.inner);
    go_mutex_unlock(&n.outer);
}

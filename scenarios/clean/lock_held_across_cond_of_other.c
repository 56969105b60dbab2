/*
 * lock_held_across_cond_of_other - the twin: the outer lock is given back
 * before the wait.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

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
         .about = "condition wait with its own lock only")
{
    struct nested n = {0};
    struct go_waitgroup wg = {0};

    go_mutex_lock(&n.outer);
    go_waitgroup_go(&wg, make_ready, &n);
    go_mutex_unlock(&n.outer);
    go_mutex_lock(&n.inner);
    while (!n.is_ready)
        go_cond_wait(&n.ready, &n.inner);
    go_mutex_unlock(&n.inner);
    go_waitgroup_wait(&wg);
    CHECK(n.is_ready);
}

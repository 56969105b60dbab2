/*
 * cancel_tree - contexts three levels deep, forty goroutines at the leaves.
 *
 * Pattern: cancelling a branch ends that branch only. Expected: CLEAN after
 * the root was cancelled, too.
 */
#include "scenarios/check.h"

enum {
    BRANCHES = 4,
    LEAVES = 10
};

static void leaf(struct go_context *branch, struct go_atomic *ended)
{
    struct go_context *own = go_context_with_cancel(branch);

    go_defer(go_context_free, own);
    chan_recv(go_context_done(own));
    CHECK_EQ(go_context_err(own), -ECANCELED);
    CHECK_EQ(go_context_err(branch), -ECANCELED);
    go_atomic_add(ended, 1);
}

SCENARIO(cancel_tree, .about = "cancel a branch, then the root")
{
    struct go_context *root = go_context_with_cancel(go_context_background());
    struct go_context *branch[BRANCHES];
    struct go_atomic ended[BRANCHES] = {0};
    struct go_waitgroup wg = {0};

    for (int b = 0; b < BRANCHES; b++) {
        branch[b] = go_context_with_cancel(root);
        for (int i = 0; i < LEAVES; i++)
            go_waitgroup_go(&wg, leaf, branch[b], &ended[b]);
    }
    go_sleep(GO_MILLISECOND); /* all wait */
    go_context_cancel(branch[1]);
    go_sleep(GO_MILLISECOND); /* those who were told have ended */
    for (int b = 0; b < BRANCHES; b++)
        CHECK_EQ(go_atomic_load(&ended[b]), b == 1 ? LEAVES : 0);
    CHECK_EQ(go_context_err(root), 0);
    go_context_cancel(root);
    go_waitgroup_wait(&wg);
    for (int b = 0; b < BRANCHES; b++) {
        CHECK_EQ(go_atomic_load(&ended[b]), LEAVES);
        go_context_free(branch[b]);
    }
    go_context_free(root);
}

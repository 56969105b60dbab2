/* errgroup_test.c - the first error, the context, the members. */
#include <errno.h>

#include "runtime/sched/park.h"
#include "tests/parked.h"

static struct go_errgroup group;
static chan(int) gate;

static int gives(int result)
{
    return result;
}

static int waits_then_gives(int result)
{
    chan_recv(gate);
    return result;
}

static void no_error(void)
{
    CHECK_EQ(go_errgroup_wait(&group), 0);
    for (int i = 0; i < 10; i++)
        go_errgroup_go(&group, gives, 0);
    CHECK_EQ(group.wg.members, 10);
    CHECK_EQ(go_errgroup_wait(&group), 0);
    CHECK_EQ(group.wg.members, 0);
    CHECK_EQ(group.wg.obj.kind, GO_KIND_ERRGROUP);
}
Test(errgroup, wait_returns_0_when_none_failed)
{
    INSIDE(no_error);
}

static void first_error(void)
{
    gate = chan_make(int, 0);
    go_errgroup_go(&group, waits_then_gives, -EIO);
    go_errgroup_go(&group, gives, -ENOENT);
    until_parked(1, GO_WAIT_CHAN_RECV);
    while (group.wg.members > 1)
        go_yield();
    chan_send(gate, 1);
    CHECK_EQ(go_errgroup_wait(&group), -ENOENT);
    CHECK_EQ((go_errgroup_wait)(&group), -ENOENT);
}
Test(errgroup, the_first_error_is_kept)
{
    INSIDE(first_error);
}

static int until_cancelled(struct go_context *ctx)
{
    chan_recv(go_context_done(ctx));
    return go_context_err(ctx);
}
static void cancels(void)
{
    struct go_context *ctx =
        go_errgroup_with_context(&group, go_context_background());

    go_errgroup_go(&group, until_cancelled, ctx);
    until_parked(1, GO_WAIT_CHAN_RECV);
    CHECK_EQ(go_context_err(ctx), 0);
    go_errgroup_go(&group, gives, -EPERM);
    CHECK_EQ(go_errgroup_wait(&group), -EPERM);
    CHECK_EQ(go_context_err(ctx), -ECANCELED);
    go_context_free(ctx);
}
Test(errgroup, an_error_cancels_the_context)
{
    INSIDE(cancels);
}

static void wait_cancels(void)
{
    struct go_context *ctx =
        go_errgroup_with_context(&group, go_context_background());

    go_errgroup_go(&group, gives, 0);
    CHECK_EQ(go_errgroup_wait(&group), 0);
    CHECK_EQ(go_context_err(ctx), -ECANCELED);
    go_context_free(ctx);
}
Test(errgroup, wait_cancels_the_context)
{
    INSIDE(wait_cancels);
}

static int exits(void)
{
    go_exit();
}
static void waits(void)
{
    go_errgroup_wait(&group);
}
static void member_exits(void)
{
    gate = chan_make(int, 0);
    go_errgroup_go(&group, waits_then_gives, 0);
    go_errgroup_go(&group, exits);
    go(waits);
    until_parked(1, GO_WAIT_ERRGROUP);
    chan_send(gate, 1);
    CHECK_EQ(go_errgroup_wait(&group), 0);
}
Test(errgroup, go_exit_of_a_member_is_no_error)
{
    INSIDE(member_exits);
}

static void stuck(void)
{
    gate = chan_make(int, 0);
    go_errgroup_go(&group, waits_then_gives, 0);
    go_errgroup_wait(&group);
}
Test(errgroup, a_member_that_never_ends_is_a_deadlock)
{
    expect_deadlock(stuck);
}

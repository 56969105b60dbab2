/* inspect_test.c - what a look is told, by kind. */
#include "tests/inside.h"

#include "runtime/sync/chan.h"

static struct go_inspect_object look(const void *o)
{
    struct go_inspect_object to;

    rt_object_inspect(o, (struct go_object *)(uintptr_t)o, &to);
    return to;
}

static const struct go_chan *in(const void *handle)
{
    return rt_chan_of(handle);
}
#define IN(c) in((const void *)(c))

INSIDE_TEST(inspect, look_at_a_channel_tells_state_and_users)
{
    chan(int) c = chan_make(int, 3);
    struct go_inspect_object o;

    chan_send(c, 1);
    o = look(IN(c));
    CHECK(o.kind == GO_KIND_CHAN && !o.closed && !o.exact && !o.timer);
    CHECK(o.cap == 3 && o.len == 1 && !strcmp(o.type, "int"));
    CHECK(o.nuse == 1 && o.use[0].did == GO_DID_SEND);
    CHECK_EQ(o.use[0].by.goroutine, 1);
    chan_recv(c);
    chan_close(c);
    o = look(IN(c));
    CHECK(o.closed && o.nuse == 3 && o.use[2].did == GO_DID_CLOSE);
}

INSIDE_TEST(inspect, look_tells_what_runtime_channels_are_for)
{
    struct go_timer *t = go_timer_new(GO_HOUR);
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    CHECK(look(IN(t->c)).timer && !look(IN(t->c)).context);
    CHECK(look(IN(go_context_done(ctx))).context);
    CHECK(!*look(IN(t->c)).name); /* the delay's text is no name */
    go_timer_free(t);
    go_context_free(ctx);
}

INSIDE_TEST(inspect, wait_group_is_exact_until_counted_by_hand)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, let_all_park);
    CHECK(look(&wg).exact && look(&wg).len == 1);
    go_waitgroup_add(&wg, 1);
    CHECK(!look(&wg).exact && look(&wg).len == 2);
    go_waitgroup_done(&wg);
    go_waitgroup_wait(&wg);
}

INSIDE_TEST(inspect, semaphore_and_barrier_tell_their_numbers)
{
    struct go_semaphore s = GO_SEMAPHORE(5);
    struct go_barrier b = GO_BARRIER(3);

    go_semaphore_acquire(&s, 2);
    CHECK_EQ(look(&s).len, 3);
    CHECK(!look(&s).exact);
    b.obj.kind = GO_KIND_BARRIER;
    CHECK_EQ(look(&b).cap, 3);
}

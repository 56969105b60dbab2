/* object_test.c - numbers, names, labels, wait reasons. */
#include "tests/inside.h"

#include "runtime/sync/chan.h"
#include "runtime/sync/context.h"

static const struct go_chan *in(const void *handle)
{
    return rt_chan_of(handle);
}
#define IN(c) in((const void *)(c))

INSIDE_TEST(object, number_is_given_once_and_to_one_only)
{
    struct go_mutex a = {0}, b = {0};
    uint32_t id = rt_object_id(&a.obj);

    CHECK(id > 0);
    CHECK_EQ(rt_object_id(&a.obj), id);
    CHECK(rt_object_id(&b.obj) != id);
}

INSIDE_TEST(object, default_name_is_the_text_of_the_first_use)
{
    struct go_mutex mu = {0};
    chan(int) out = chan_make(int, 1);

    CHECK(!*rt_object_name(&mu.obj));
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
    CHECK(!strcmp(rt_object_name(&mu.obj), "&mu"));
    chan_send(out, 1);
    CHECK(!strcmp(rt_object_name(&IN(out)->obj), "out"));
}

INSIDE_TEST(object, label_wins_and_takes_a_format)
{
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, 0);

    go_label(&wg, "jobs of %s %d", "host", 7);
    CHECK(!strcmp(rt_object_name(&wg.obj), "jobs of host 7"));
    chan_name(chan_as_sender(c), "chan %d", 1);
    CHECK(!strcmp(rt_object_name(&IN(c)->obj), "chan 1"));
    go_label((void *)chan_as_receiver(c), "chan 2");
    CHECK(!strcmp(rt_object_name(&IN(c)->obj), "chan 2"));
}

INSIDE_TEST(object, label_of_a_timer_goes_on_its_channel)
{
    struct go_timer *t = go_timer_new(GO_HOUR);
    struct go_ticker *k = go_ticker_new(GO_HOUR);

    go_label(t, "bedtime");
    go_label(k, "tick");
    CHECK(!strcmp(rt_object_name(&IN(t->c)->obj), "bedtime"));
    CHECK(!strcmp(rt_object_name(&IN(k->c)->obj), "tick"));
    CHECK(IN(t->c)->state == RT_CHAN_OPEN);
    go_timer_free(t);
    go_ticker_free(k);
}

INSIDE_TEST(object, label_of_a_context_goes_on_its_done_channel)
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    go_label(ctx, "request");
    CHECK(!strcmp(rt_object_name(&IN(go_context_done(ctx))->obj), "request"));
    go_context_free(ctx);
}

Test(object, every_wait_reason_has_its_text)
{
    for (int i = GO_WAIT_NONE + 1; i < GO_WAIT_COUNT; i++)
        cr_assert(*go_wait_reason_text((enum go_wait_reason)i), "%d", i);
    cr_assert_str_eq(go_wait_reason_text(GO_WAIT_CHAN_RECV_NIL),
                     "chan receive (nil chan)");
    cr_assert_str_eq(go_wait_reason_text(GO_WAIT_SELECT_EMPTY),
                     "select (no cases)");
}

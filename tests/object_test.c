/* object_test.c - names, numbers, sites, and what a look is told. */
#include "tests/inside.h"

#include "runtime/sync/chan.h"
#include "runtime/sync/context.h"

static struct go_inspect_object look(const void *o)
{
    struct go_inspect_object to;

    rt_object_inspect(o, &to);
    return to;
}

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

INSIDE_TEST(object, equal_texts_are_kept_once)
{
    char text[32];
    struct g *g;

    for (int i = 0; i < 2000; i++) {
        const char *a, *b;

        snprintf(text, sizeof(text), "text %d", i);
        g = rt_enter();
        a = rt_intern(text);
        b = rt_intern(text);
        rt_leave(g);
        CHECK(a == b && a != text && !strcmp(a, text));
    }
}

Test(object, site_by_address_is_one_for_each_place)
{
    static const char code[64];
    const struct go_site *a = rt_site_at(code), *b = rt_site_at(code + 4);

    cr_assert(a != b);
    cr_assert(rt_site_at(code) == a && a->pc == code);
    cr_assert(!a->file && !strcmp(a->what, ""));
}

INSIDE_TEST(object, look_at_a_channel_tells_state_and_users)
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

INSIDE_TEST(object, look_tells_what_runtime_channels_are_for)
{
    struct go_timer *t = go_timer_new(GO_HOUR);
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    CHECK(look(IN(t->c)).timer && !look(IN(t->c)).context);
    CHECK(look(IN(go_context_done(ctx))).context);
    CHECK(!*look(IN(t->c)).name); /* the delay's text is no name */
    go_timer_free(t);
    go_context_free(ctx);
}

INSIDE_TEST(object, wait_group_is_exact_until_counted_by_hand)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, let_all_park);
    CHECK(look(&wg).exact && look(&wg).len == 1);
    go_waitgroup_add(&wg, 1);
    CHECK(!look(&wg).exact && look(&wg).len == 2);
    go_waitgroup_done(&wg);
    go_waitgroup_wait(&wg);
}

INSIDE_TEST(object, semaphore_and_barrier_tell_their_numbers)
{
    struct go_semaphore s = GO_SEMAPHORE(5);
    struct go_barrier b = GO_BARRIER(3);

    go_semaphore_acquire(&s, 2);
    CHECK_EQ(look(&s).len, 3);
    CHECK(!look(&s).exact);
    b.obj.kind = GO_KIND_BARRIER;
    CHECK_EQ(look(&b).cap, 3);
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

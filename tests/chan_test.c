/* chan_test.c - channels as they are made: queues, hand-off, records, slots. */
#include "tests/inside.h"

#include "runtime/sync/chan.h"

static struct go_chan *in(const void *handle)
{
    return rt_chan_of(handle);
}
#define IN(c) in((const void *)(c))

static void send_one(chan(int) c, int v)
{
    chan_send(c, v);
}

static void recv_into(chan(int) c, int *to)
{
    *to = chan_recv(c);
}

INSIDE_TEST(chan, send_on_full_parks_until_receive)
{
    chan(int) c = chan_make(int, 1);

    chan_send(c, 1);
    go(send_one, c, 2);
    let_all_park();
    CHECK(IN(c)->sendq.first);
    CHECK_EQ(chan_len(c), 1);
    CHECK_EQ(chan_recv(c), 1);
    CHECK(!IN(c)->sendq.first);
    CHECK_EQ(chan_recv(c), 2);
}

INSIDE_TEST(chan, receive_on_empty_parks_until_send)
{
    chan(int) c = chan_make(int, 4);
    int got = 0;

    go(recv_into, c, &got);
    let_all_park();
    CHECK(IN(c)->recvq.first);
    chan_send(c, 7);
    CHECK(!IN(c)->recvq.first);
    CHECK_EQ(chan_len(c), 0); /* past the ring, straight to the receiver */
    let_all_park();
    CHECK_EQ(got, 7);
}

INSIDE_TEST(chan, ring_keeps_order_past_its_end)
{
    chan(int) c = chan_make(int, 3);
    int next = 0;

    for (int i = 0; i < 20; i++) {
        chan_send(c, i);
        if (chan_len(c) == 3)
            CHECK_EQ(chan_recv(c), next++);
    }
    while (chan_len(c) > 0)
        CHECK_EQ(chan_recv(c), next++);
    CHECK_EQ(next, 20);
}

struct big {
    char text[40];
    int n;
};

INSIDE_TEST(chan, values_of_all_sizes_travel_whole)
{
    chan(char) c1 = chan_make(char, 2);
    chan(short) c2 = chan_make(short, 2);
    chan(uint64_t) c8 = chan_make(uint64_t, 2);
    chan(struct big) cb = chan_make(struct big, 2);
    struct big b = {"some text", 9};

    chan_send(c1, 'x');
    chan_send(c1, 'y');
    chan_send(c2, -2);
    chan_send(c8, 1ull << 63);
    chan_send(cb, b);
    b.n++;
    chan_send(cb, b);
    CHECK_EQ(chan_recv(c1), 'x');
    CHECK_EQ(chan_recv(c1), 'y');
    CHECK_EQ(chan_recv(c2), -2);
    CHECK(chan_recv(c8) == 1ull << 63);
    CHECK_EQ(chan_recv(cb).n, 9);
    b = chan_recv(cb);
    CHECK(b.n == 10 && !strcmp(b.text, "some text"));
}

INSIDE_TEST(chan, last_users_are_recorded_with_their_sites)
{
    chan(int) c = chan_make(int, 0);

    go(send_one, c, 1);
    let_all_park();
    chan_recv(c);
    CHECK_EQ(IN(c)->received.goroutine, 1);
    CHECK_EQ(IN(c)->sent.goroutine, 2);
    CHECK(!strcmp(IN(c)->sent.site->func, "send_one"));
    CHECK(!strcmp(IN(c)->received.site->what, "c"));
    chan_close(c);
    CHECK_EQ(IN(c)->closed.goroutine, 1);
}

INSIDE_TEST(chan, handles_of_all_kinds_reach_the_same_channel)
{
    chan(int) c = chan_make(int, 1);
    chan_sender(int) s = chan_as_sender(c);
    chan_receiver(int) r = chan_as_receiver(c);

    CHECK((void *)s != (void *)c && (void *)r != (void *)s);
    CHECK(IN(s) == IN(c) && IN(r) == IN(c));
    chan_send(s, 5);
    CHECK_EQ(chan_recv(r), 5);
    CHECK(rt_chan_at((void *)r) == IN(c));
}

INSIDE_TEST(chan, address_tells_whether_it_is_a_channel)
{
    chan(int) c = chan_make(int, 0);
    int local = 0;

    CHECK(rt_chan_at((void *)c) == IN(c));
    CHECK(rt_chan_at((char *)(void *)c + 100) == IN(c));
    CHECK(!rt_chan_at(&local));
    CHECK(!rt_chan_at(NULL));
    chan_free(c);
    CHECK(!rt_chan_at((void *)c));
}

static void use_send(chan(int) c)
{
    chan_send(c, 1);
}
static void use_recv(chan(int) c)
{
    chan_recv(c);
}
static void use_close(chan(int) c)
{
    chan_close(c);
}
static void use_len(chan(int) c)
{
    (void)chan_len(c);
}
static void use_free(chan(int) c)
{
    chan_free(c);
}
static void use_select(chan(int) c)
{
    go_select(GO_RECV(c, NULL), GO_DEFAULT);
}

INSIDE_TEST(chan, every_use_after_free_panics)
{
    void (*use[])(chan(int)) = {use_send, use_recv, use_close,
                                use_len,  use_free, use_select};
    chan(int) c = chan_make(int, 100);

    chan_send(c, 1); /* values in it do not matter */
    chan_free(c);
    for (size_t i = 0; i < sizeof(use) / sizeof(use[0]); i++)
        CHECK_PANIC(go_try(use[i], c), "use of freed channel");
}

INSIDE_TEST(chan, free_with_waiters_panics_and_leaves_it_usable)
{
    chan(int) c = chan_make(int, 0);
    int got = 0;

    go(recv_into, c, &got);
    let_all_park();
    CHECK_PANIC(go_try(use_free, c), "free of channel that goroutines wait on");
    chan_send(c, 3);
    let_all_park();
    CHECK_EQ(got, 3);
    chan_free(c);
}

INSIDE_TEST(chan, free_of_nil_does_nothing)
{
    chan(int) c = NULL;

    chan_free(c);
}

static void select_two(chan(int) a, chan(int) b)
{
    go_select(GO_RECV(a, NULL), GO_RECV(b, NULL));
}

static void send_later(chan(int) c, int v)
{
    let_all_park();
    chan_send(c, v);
}

/* The select has been served by b and still lies in a's queue, while a's slot
   becomes another channel: what it takes out then must not be others. */
INSIDE_TEST(chan, free_takes_out_who_was_served_elsewhere)
{
    chan(int) a = chan_make(int, 0), b = chan_make(int, 0), other = NULL;

    go(select_two, a, b);
    let_all_park();
    chan_send(b, 1);
    CHECK(IN(a)->recvq.first);
    chan_free(a);
    for (int i = 0; other != a && i < 1000; i++) {
        chan_free(other);
        other = chan_make(int, 0);
    }
    CHECK(other == a);
    go(send_later, other, 6);
    CHECK_EQ(chan_recv(other), 6);
}

INSIDE_TEST(chan, slots_are_used_again_but_not_soon)
{
    chan(int) first = chan_make(int, 0);
    uint32_t slots;

    chan_free(first);
    CHECK(chan_make(int, 0) != first);
    for (int i = 0; i < 1000; i++)
        chan_free(chan_make(int, 1000));
    slots = rt_chan_slots();
    for (int i = 0; i < 10000; i++)
        chan_free(chan_make(int, 0));
    CHECK_EQ(rt_chan_slots(), slots);
}

INSIDE_TEST(chan, post_neither_parks_nor_panics)
{
    struct go_chan *c;
    const char *why;
    int64_t v = 4, got = 0;
    struct g *g;
    bool sent[3];

    c = rt_chan_new(8, 1, "go_instant", RT_CHAN_TIMER, GO_SITE(""), &why);
    g = rt_enter();
    sent[0] = rt_chan_post(c, &v, NULL, GO_SITE(""));
    sent[1] = rt_chan_post(c, &v, NULL, GO_SITE("")); /* full */
    CHECK(rt_chan_drain(c) && !rt_chan_drain(c));
    rt_chan_shut(c, NULL, GO_SITE(""));
    sent[2] = rt_chan_post(c, &v, NULL, GO_SITE("")); /* closed */
    rt_leave(g);
    CHECK(sent[0] && !sent[1] && !sent[2]);
    CHECK(!go_chan_recv_at(c, &got, GO_SITE("")));
}

INSIDE_TEST(chan, timers_channel_says_no_length)
{
    struct go_chan *c;
    const char *why;
    int64_t v = 4, got = 0;
    struct g *g;

    c = rt_chan_new(8, 1, "go_instant", RT_CHAN_TIMER, GO_SITE(""), &why);
    g = rt_enter();
    rt_chan_post(c, &v, NULL, GO_SITE(""));
    rt_leave(g);
    CHECK_EQ(go_chan_len(c), 0);
    CHECK_EQ(go_chan_cap(c), 0);
    CHECK_EQ(go_chan_try_recv_at(c, &got, GO_SITE("")), 1);
    CHECK_EQ(got, 4);
}

Test(chan, made_before_a_run_outlives_it)
{
    chan(int) c = chan_make(int, 1);
    uint32_t slots;

    cr_assert_eq(go_main(send_one, c, 5), 0);
    slots = rt_chan_slots();
    cr_assert(rt_chan_at((void *)c) == IN(c));
    cr_assert_eq(IN(c)->len, 1);
    cr_assert_eq(slots, rt_chan_slots());
    chan_free(c);
    cr_assert(!rt_chan_at((void *)c));
}

static void make_many(void)
{
    for (int i = 0; i < 100; i++)
        chan_send(chan_make(long, 100), i);
}

static uint32_t slots_in_use(void)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < rt_chan_slots(); i++)
        n += rt_chan_slot(i) != NULL;
    return n;
}

Test(chan, end_of_a_run_gives_back_what_it_made)
{
    INSIDE(make_many);
    cr_assert_eq(rt_chan_slots() > 0, true);
    cr_assert_eq(slots_in_use(), 0);
}

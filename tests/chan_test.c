/* chan_test.c - channels as they are made: queues, hand-off, records. */
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

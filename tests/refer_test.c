/* refer_test.c - what a word names, and what follows from it. */
#include "runtime/sync/refer.h"
#include "runtime/sync/chan.h"
#include "tests/reached.h"

INSIDE_TEST(refer, handle_says_which_half_it_can_do)
{
    chan(int) c = chan_make(int, 0), d = chan_make(int, 0),
              e = chan_make(int, 0);

    MORE(c);
    MORE(chan_as_sender(d));
    MORE(chan_as_receiver(e));
    CHECK_EQ(CAN(c), SEND | RECV);
    CHECK_EQ(CAN(d), SEND);
    CHECK_EQ(CAN(e), RECV);
    MORE(chan_as_receiver(d));
    CHECK_EQ(CAN(d), SEND | RECV);
}

INSIDE_TEST(refer, three_low_bits_are_a_tag_and_other_bits_are_doubt)
{
    chan(int) c = chan_make(int, 0);

    for (uintptr_t at = 0; at < sizeof(struct go_chan); at++) {
        anew();
        MORE((uintptr_t)c + at);
        CHECK_EQ(CAN(c), at / 8 == 2 ? SEND : at / 8 == 4 ? RECV : SEND | RECV);
    }
    anew();
    MORE((uintptr_t)c - 1);
    CHECK_EQ(CAN(c), 0);
}

INSIDE_TEST(refer, done_channel_of_a_context_wakes_nobody)
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());
    uintptr_t done = (uintptr_t)go_context_done(ctx);

    CHECK_EQ(WHAT(done), RT_REFERS_CHAN);
    for (uintptr_t at = 0; at < 64; at++)
        MORE((done & ~(uintptr_t)63) + at);
    CHECK(!seen.nobject && !seen.nword);
}

INSIDE_TEST(refer, timers_channel_is_a_channel_like_others)
{
    struct go_timer *t = go_timer_new(GO_HOUR);
    chan(go_instant) after = go_after(GO_HOUR);

    MORE(t->c);
    MORE(chan_as_receiver(after));
    CHECK_EQ(CAN(t->c), SEND | RECV);
    CHECK_EQ(CAN(after), RECV);
}

INSIDE_TEST(refer, what_was_given_back_is_unused_and_other_memory_nothing)
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());
    struct go_timer *t = go_timer_new(GO_HOUR);
    chan(int) c = chan_make(int, 0);
    static int global;
    uintptr_t low, high;

    go_timer_free(t);
    chan_free(c);
    CHECK_EQ(WHAT(t), RT_REFERS_UNUSED);
    CHECK_EQ(WHAT(c), RT_REFERS_UNUSED);
    CHECK_EQ(WHAT(ctx), RT_REFERS_CONTEXT);
    CHECK_EQ(WHAT((char *)ctx + 1000000), RT_REFERS_UNUSED);
    CHECK_EQ(WHAT(&ctx), RT_REFERS_NOTHING);
    CHECK_EQ(WHAT(&global), RT_REFERS_NOTHING);
    CHECK_EQ(WHAT(NULL), RT_REFERS_NOTHING);
    CHECK_EQ(WHAT(go_context_background()), RT_REFERS_NOTHING);
    CHECK(rt_refer_bounds(&low, &high));
    CHECK(low <= (uintptr_t)c && (uintptr_t)c < high);
    CHECK(low <= (uintptr_t)ctx && (uintptr_t)ctx < high);
    CHECK(low <= (uintptr_t)t && (uintptr_t)t < high);
}

static int member(chan(int) c)
{
    return chan_recv(c);
}

static struct g *parked_g(uint64_t id)
{
    struct g *g = NULL;

    for (uint32_t i = 0; i < rt_g_slots(); i++)
        if (rt_g_at(i) && rt_g_at(i)->id == id)
            g = rt_g_at(i);
    CHECK(g && rt_g_status(g) == RT_G_WAITING);
    return g;
}

INSIDE_TEST(refer, member_of_an_errgroup_can_cancel_its_context)
{
    chan(int) c = chan_make(int, 0);
    struct go_errgroup group = {0};
    struct go_context *ctx =
        go_errgroup_with_context(&group, go_context_background());
    struct go_context *child = go_context_with_cancel(ctx);

    go_errgroup_go(&group, member, c);
    let_all_park();
    rt_g_reach(parked_g(2), &to);
    CHECK(seen.object[0] == &group.wg.obj &&
          seen.wants[0] == RT_WANT(GO_WANT_DONE));
    CHECK(done_of(ctx) == SEND && done_of(child) == SEND);
    CHECK(seen.nobject == 3 && CAN(c) == 0);
    chan_send(c, 0);
}

INSIDE_TEST(refer, member_reaches_its_wait_group_and_others_none)
{
    chan(int) c = chan_make(int, 0);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, member, c);
    go(member, c);
    let_all_park();
    rt_g_reach(parked_g(3), &to);
    CHECK_EQ(seen.nobject, 0);
    rt_g_reach(parked_g(2), &to);
    CHECK(seen.nobject == 1 && seen.object[0] == &wg.obj);
    chan_close(c);
}

static void sends_from(chan(long) c, long *from)
{
    go_chan_send_at((struct go_chan *)(void *)c, from, GO_SITE("c"));
}

/* Nobody names it any more but the sender's waiter. */
INSIDE_TEST(refer, parked_sender_reaches_what_it_sends_from)
{
    static long v;
    chan(long) c = chan_make(long, 0);

    go(sends_from, c, &v);
    let_all_park();
    rt_g_reach(parked_g(2), &to);
    CHECK(has_word(&v) && seen.nobject == 0);
    chan_recv(c);
}

static unsigned values(chan(long) c, long *v)
{
    struct rt_span span[2];
    unsigned n = rt_refer_values(rt_chan_of((const void *)c), span), k = 0;

    for (unsigned i = 0; i < n; i++)
        for (uintptr_t at = span[i].low; at < span[i].high; at += sizeof(long))
            v[k++] = *(const long *)at;
    return k;
}

INSIDE_TEST(refer, values_in_a_buffer_are_told_oldest_first)
{
    chan(long) c = chan_make(long, 5);
    long v[5] = {0};

    CHECK_EQ(values(chan_make(long, 0), v), 0);
    for (long i = 0; i < 12; i++) {
        chan_send(c, i);
        CHECK_EQ(values(c, v), i < 3 ? i + 1 : 4);
        for (unsigned k = 0; k < (i < 3 ? i + 1 : 4); k++)
            CHECK_EQ(v[k], i < 3 ? k : i - 3 + k);
        if (i >= 3)
            chan_recv(c);
    }
    chan_send(c, 12);
    chan_send(c, 13);
    CHECK_EQ(values(c, v), 5);
    CHECK(v[0] == 9 && v[4] == 13);
}

INSIDE_TEST(refer, taken_values_are_not_told)
{
    chan(long) c = chan_make(long, 2), one = chan_make(long, 1);
    long v[5] = {0};

    chan_send(c, 1);
    chan_recv(c);
    CHECK_EQ(values(c, v), 0);
    chan_send(one, 8);
    CHECK(values(one, v) == 1 && v[0] == 8);
}

static void select_halves(chan_receiver(int) a, chan_sender(int) b)
{
    go_select(GO_RECV(a, NULL), GO_SEND(b, 3));
}

/* Whole handles that g's own frames hold, outside what is told to be ours. */
static int whole_handles(const struct g *g, const void *a, const void *b)
{
    struct rt_span own;
    int n = 0;

    CHECK(rt_g_own(g, &own));
    for (uintptr_t at = own.low; at < own.high; at += sizeof(void *)) {
        const void *word = *(void *const *)at;

        n += word == rt_chan_of(a) || word == rt_chan_of(b);
    }
    return n;
}

INSIDE_TEST(refer, words_of_a_parked_select_are_the_runtimes_own)
{
    chan(int) a = chan_make(int, 0), b = chan_make(int, 0);
    const struct g *g;

    go(select_halves, chan_as_receiver(a), chan_as_sender(b));
    let_all_park();
    g = parked_g(2);
    /* in its two waiters; in the order too, when there are locks to take */
    CHECK(whole_handles(g, (void *)a, (void *)b) >= 2);
    CHECK_EQ(rt_select_own_end(g->wait.w, 2) - (uintptr_t)g->wait.w,
             16 * (sizeof(struct waiter) + sizeof(void *)));
    CHECK_EQ(rt_select_own_end(g->wait.w, 100) - (uintptr_t)g->wait.w,
             100 * (sizeof(struct waiter) + sizeof(void *)));
    chan_send(a, 1);
}

Test(refer, own_words_of_an_object_leave_an_errgroups_context)
{
    struct go_errgroup group = {0};
    struct go_mutex mutex = {0};
    struct rt_span own;

    cr_assert(rt_object_own(&group, GO_KIND_ERRGROUP, &own));
    cr_assert((uintptr_t)&group == own.low &&
              (uintptr_t)&group.ctx == own.high);
    cr_assert(rt_object_own(&mutex, GO_KIND_MUTEX, &own));
    cr_assert_eq(own.high - own.low, sizeof(mutex));
    cr_assert(!rt_object_own(&mutex, GO_KIND_CHAN, &own));
}

/* A made-up memory: what is in it, and nothing else, is reached. */
INSIDE_TEST(refer, scan_of_some_words_finds_what_they_name)
{
    static char key, value;
    chan(int) plain = chan_make(int, 0), half = chan_make(int, 0),
              gone = chan_make(int, 0), unseen = chan_make(int, 0);
    struct go_context *ctx = go_context_with_cancel(
        go_context_with_value(go_context_background(), &key, &value));
    struct go_context *held = go_context_with_cancel(go_context_background());
    struct go_ticker *tick = go_ticker_new(GO_HOUR);
    const uintptr_t memory[] = {
        0,
        1,
        (uintptr_t)plain | 5,
        (uintptr_t)chan_as_receiver(half),
        (uintptr_t)gone,
        (uintptr_t)ctx + 24,
        (uintptr_t)go_context_done(held),
        (uintptr_t)&tick->c,
        (uintptr_t)unseen ^ UINTPTR_MAX, /* encrypted: can not be seen */
        UINTPTR_MAX,
    };

    chan_free(gone);
    for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
        MORE(memory[i]);
    CHECK(CAN(plain) == (SEND | RECV) && CAN(half) == RECV);
    CHECK(done_of(ctx) == SEND && CAN(tick->c) == (SEND | RECV));
    CHECK(seen.nobject == 4 && seen.nword == 2 && has_word(&value));
}

/* chanmem_test.c - channels made and freed, slots used anew. */
#include "tests/inside.h"

#include "runtime/sync/chan.h"
#include "tests/dumped.h"

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

INSIDE_TEST(chanmem, address_tells_whether_it_is_a_channel)
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

INSIDE_TEST(chanmem, a_core_has_the_channels_and_not_the_room_for_more)
{
    char *c = (char *)(void *)chan_make(int, 0);

    CHECK(dumped(c));
    CHECK(!dumped(c + (1 << 20)));
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

INSIDE_TEST(chanmem, every_use_after_free_panics)
{
    void (*use[])(chan(int)) = {use_send, use_recv, use_close,
                                use_len,  use_free, use_select};
    chan(int) c = chan_make(int, 100);

    chan_send(c, 1); /* values in it do not matter */
    chan_free(c);
    for (size_t i = 0; i < sizeof(use) / sizeof(use[0]); i++)
        CHECK_PANIC(go_try(use[i], c), "use of freed channel");
}

INSIDE_TEST(chanmem, free_with_waiters_panics_and_leaves_it_usable)
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

INSIDE_TEST(chanmem, free_of_nil_does_nothing)
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
INSIDE_TEST(chanmem, free_takes_out_who_was_served_elsewhere)
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

INSIDE_TEST(chanmem, slots_are_used_again_but_not_soon)
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

Test(chanmem, made_before_a_run_outlives_it)
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

Test(chanmem, end_of_a_run_gives_back_what_it_made)
{
    INSIDE(make_many);
    cr_assert_eq(rt_chan_slots() > 0, true);
    cr_assert_eq(slots_in_use(), 0);
}

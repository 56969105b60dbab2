/*
 * conformance_chan_test.c - what Go specifies of channels.
 *
 * Each test is a sentence of the language's specification, or of a test in
 * Go's own tree, said again in C.
 */
#include "tests/inside.h"

#include <pthread.h>

static void send_one(chan(int) c, int v)
{
    chan_send(c, v);
}

static void recv_to(chan(int) c, chan(int) results, int who)
{
    chan_send(results, who * 100 + chan_recv(c));
}

static void close_it(chan(int) c)
{
    chan_close(c);
}

INSIDE_TEST(conformance_chan, unbuffered_send_waits_for_its_receiver)
{
    chan(int) c = chan_make(int, 0);

    CHECK(!chan_try_send(c, 1));
    go(send_one, c, 2);
    let_all_park();
    CHECK_EQ(go_count(), 2); /* it has not got past its send */
    CHECK_EQ(chan_recv(c), 2);
    let_all_park();
    CHECK_EQ(go_count(), 1);
}

INSIDE_TEST(conformance_chan, receivers_are_served_in_order)
{
    chan(int) c = chan_make(int, 0), results = chan_make(int, 8);

    for (int i = 1; i <= 5; i++) {
        go(recv_to, c, results, i);
        let_all_park();
    }
    for (int i = 1; i <= 5; i++)
        chan_send(c, i);
    let_all_park();
    for (int i = 0; i < 5; i++) {
        int r = chan_recv(results);

        CHECK_EQ(r / 100, r % 100);
    }
}

INSIDE_TEST(conformance_chan, senders_are_served_in_order)
{
    for (int cap = 0; cap < 3; cap++) {
        chan(int) c = chan_make(int, cap);

        for (int i = 1; i <= 6; i++) {
            go(send_one, c, i);
            let_all_park();
        }
        for (int i = 1; i <= 6; i++)
            CHECK_EQ(chan_recv(c), i);
    }
}

INSIDE_TEST(conformance_chan, close_wakes_all_receivers_with_zero)
{
    chan(int) c = chan_make(int, 0), results = chan_make(int, 8);

    for (int i = 1; i <= 4; i++)
        go(recv_to, c, results, i);
    let_all_park();
    chan_close(c);
    let_all_park();
    CHECK_EQ(chan_len(results), 4);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(chan_recv(results) % 100, 0);
}

static void recv_ok_into(chan(int) c, int *v, bool *ok)
{
    *ok = chan_recv_ok(c, v);
}

INSIDE_TEST(conformance_chan, close_zeroes_what_a_parked_receiver_is_to_get)
{
    chan(int) c = chan_make(int, 0);
    int v = 9;
    bool ok = true;

    go(recv_ok_into, c, &v, &ok);
    let_all_park();
    CHECK_EQ(v, 9);
    chan_close(c);
    let_all_park();
    CHECK(!ok && v == 0);
}

INSIDE_TEST(conformance_chan, closed_drains_then_gives_zeros_for_ever)
{
    chan(int) c = chan_make(int, 3);
    int v;

    chan_send(c, 1);
    chan_send(c, 2);
    chan_close(c);
    CHECK(chan_recv_ok(c, &v) && v == 1);
    CHECK_EQ(chan_try_recv(c, &v), 1);
    CHECK_EQ(v, 2);
    for (int i = 0; i < 3; i++) {
        v = 9;
        CHECK(!chan_recv_ok(c, &v) && v == 0);
        v = 9;
        CHECK(chan_try_recv(c, &v) == -EPIPE && v == 0);
        v = 9;
        CHECK(go_select(GO_RECV(c, &v)) == 0 && v == 0);
        CHECK_EQ(chan_recv(c), 0);
    }
    CHECK(!chan_recv_ok(c, NULL));
    CHECK_EQ(chan_try_recv(c, NULL), -EPIPE);
}

static void range_sum(chan(int) c, int *sum)
{
    chan_range(v, c) {
        if (v == 3)
            continue;
        *sum += v;
    }
}

INSIDE_TEST(conformance_chan, range_ends_when_closed_and_drained)
{
    chan(int) c = chan_make(int, 8);
    int sum = 0;

    for (int i = 1; i <= 5; i++)
        chan_send(c, i);
    chan_close(c);
    range_sum(c, &sum);
    CHECK_EQ(sum, 12);
}

INSIDE_TEST(conformance_chan, range_can_be_left)
{
    chan(int) c = chan_make(int, 8);
    int last = 0;

    for (int i = 1; i <= 5; i++)
        chan_send(c, i);
    chan_range(v, c) {
        last = v;
        if (v == 2)
            break;
    }
    CHECK_EQ(last, 2);
    CHECK_EQ(chan_len(c), 3);
}

INSIDE_TEST(conformance_chan, send_on_closed_panics)
{
    chan(int) c = chan_make(int, 1);

    chan_close(c);
    CHECK_PANIC(go_try(send_one, c, 1), "send on closed channel");
}

static void try_one(chan(int) c)
{
    chan_try_send(c, 1);
}

static void select_send(chan(int) c)
{
    go_select(GO_SEND(c, 1), GO_DEFAULT);
}

INSIDE_TEST(conformance_chan, tried_and_selected_sends_panic_too)
{
    chan(int) c = chan_make(int, 1);

    chan_close(c);
    CHECK_PANIC(go_try(try_one, c), "send on closed channel");
    CHECK_PANIC(go_try(select_send, c), "send on closed channel");
}

static void catch_send(chan(int) c, char **message)
{
    *message = go_try(send_one, c, 1);
}

INSIDE_TEST(conformance_chan, close_panics_a_parked_sender)
{
    chan(int) c = chan_make(int, 0);
    char *message = NULL;

    go(catch_send, c, &message);
    let_all_park();
    CHECK(!message);
    chan_close(c);
    let_all_park();
    CHECK_PANIC(message, "send on closed channel");
}

INSIDE_TEST(conformance_chan, close_of_closed_or_nil_panics)
{
    chan(int) c = chan_make(int, 0), nil = NULL;

    chan_close(c);
    CHECK_PANIC(go_try(close_it, c), "close of closed channel");
    CHECK_PANIC(go_try(close_it, nil), "close of nil channel");
}

INSIDE_TEST(conformance_chan, nil_channel_has_no_length_and_fails_tries)
{
    chan(int) nil = NULL;
    int v = 5;

    CHECK_EQ(chan_len(nil), 0);
    CHECK_EQ(chan_cap(nil), 0);
    CHECK(!chan_try_send(nil, 1));
    CHECK_EQ(chan_try_recv(nil, &v), 0);
    CHECK_EQ(v, 5);
}

static void recv_nil(chan(int) c)
{
    chan_recv(c);
}

INSIDE_TEST(conformance_chan, nil_channel_blocks_for_ever)
{
    chan(int) nil = NULL;

    go(recv_nil, nil);
    go(send_one, nil, 1);
    go_sleep(GO_HOUR);
    CHECK_EQ(go_count(), 3);
}

INSIDE_TEST(conformance_chan, len_counts_values_and_cap_is_room)
{
    chan(int) c = chan_make(int, 5);

    for (size_t i = 0; i < 5; i++) {
        CHECK_EQ(chan_len(c), i);
        CHECK(chan_try_send(c, 1));
    }
    CHECK(!chan_try_send(c, 1));
    CHECK_EQ(chan_len(c), 5);
    CHECK_EQ(chan_cap(c), 5);
    chan_close(c);
    CHECK_EQ(chan_len(c), 5);
}

struct nothing {
};

static void signal_it(chan(struct nothing) c)
{
    chan_send(c, (struct nothing){});
}

INSIDE_TEST(conformance_chan, elements_without_a_size_are_counted)
{
    chan(struct nothing) c = chan_make(struct nothing, 2);
    chan(struct nothing) huge = chan_make(struct nothing, (size_t)1 << 40);
    struct nothing n = {};

    signal_it(c);
    signal_it(c);
    CHECK_EQ(chan_len(c), 2);
    CHECK(!chan_try_send(c, n));
    CHECK_EQ(chan_try_recv(c, &n), 1);
    CHECK(chan_recv_ok(c, &n));
    CHECK_EQ(chan_len(c), 0);
    c = chan_make(struct nothing, 0);
    go(signal_it, c);
    chan_recv(c);
    CHECK_EQ(chan_cap(huge), (size_t)1 << 40);
}

static void make_huge(size_t cap)
{
    chan_make(long, cap);
}

static void make_huge_nothing(size_t cap)
{
    chan_make(struct nothing, cap);
}

INSIDE_TEST(conformance_chan, absurd_capacities_panic)
{
    const char *text = "makechan: size out of range";

    CHECK_PANIC(go_try(make_huge, (size_t)-1), text);
    CHECK_PANIC(go_try(make_huge, SIZE_MAX / 4), text);
    CHECK_PANIC(go_try(make_huge, (size_t)1 << 61), text); /* overflows to 0 */
    CHECK_PANIC(go_try(make_huge_nothing, (size_t)-1), text);
}

static int calls;

static chan(int) counted(chan(int) c)
{
    calls++;
    return c;
}

INSIDE_TEST(conformance_chan, arguments_are_evaluated_once)
{
    chan(int) c = chan_make(int, 8);
    int i = 0, v[4] = {0};

    chan_send(counted(c), i++);
    chan_send(c, chan_recv(counted(c)) + 5); /* nests */
    CHECK_EQ(chan_recv(counted(c)), 5);
    chan_try_send(counted(c), i++);
    go_select(GO_SEND(counted(c), i++));
    CHECK_EQ(i, 3);
    CHECK(chan_recv_ok(counted(c), &v[0]) && v[0] == 1);
    go_select(GO_RECV(counted(c), &v[1]));
    CHECK_EQ(v[1], 2);
    chan_close(counted(c));
    chan_range(x, counted(c)) {
        CHECK_EQ(x, -1);
    }
    CHECK_EQ(calls, 9);
}

static void sieve_filter(chan(int) from, chan(int) to, int prime)
{
    for (;;) {
        int i = chan_recv(from);

        if (i % prime)
            chan_send(to, i);
    }
}

static void generate(chan(int) to)
{
    for (int i = 2;; i++)
        chan_send(to, i);
}

INSIDE_TEST(conformance_chan, sieve_finds_primes)
{
    chan(int) c = chan_make(int, 0);
    int prime = 0;

    go(generate, c);
    for (int i = 0; i < 100; i++) {
        chan(int) next = chan_make(int, 0);

        prime = chan_recv(c);
        go(sieve_filter, c, next, prime);
        c = next;
    }
    CHECK_EQ(prime, 541);
}

struct shared {
    chan(int) c, full;
    struct go_context *ctx;
    int tried, refused, select;
};

static void *thread(void *arg)
{
    struct shared *s = arg;

    s->tried = chan_try_send(s->c, 4); /* to who is parked there */
    s->refused = !chan_try_send(s->c, 5);
    s->select = go_select(GO_RECV(s->full, NULL), GO_DEFAULT);
    go_context_cancel(s->ctx);
    chan_close(s->c);
    return NULL;
}

static void await_both(struct shared *s, int *v)
{
    *v = chan_recv(s->c);
    chan_recv(go_context_done(s->ctx));
    *v += 10 * !chan_recv_ok(s->c, NULL);
}

INSIDE_TEST(conformance_chan, threads_may_call_what_does_not_park)
{
    struct shared s = {.c = chan_make(int, 0), .full = chan_make(int, 1)};
    pthread_t t;
    int v = 0;

    s.ctx = go_context_with_cancel(go_context_background());
    chan_send(s.full, 1);
    go(await_both, &s, &v);
    let_all_park();
    CHECK(!pthread_create(&t, NULL, thread, &s));
    go_blocking(pthread_join, t, NULL);
    let_all_park();
    CHECK(s.tried && s.refused && s.select == 0);
    CHECK_EQ(v, 14);
}

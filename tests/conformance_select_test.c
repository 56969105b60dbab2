/* conformance_select_test.c - what Go specifies of select. */
#include "tests/inside.h"

static void select_send_two(chan(int) a, chan(int) b)
{
    go_select(GO_SEND(a, 1), GO_SEND(b, 2));
}

static void catch_select(chan(int) a, chan(int) b, char **message)
{
    *message = go_try(select_send_two, a, b);
}

INSIDE_TEST(conformance_select, close_panics_a_parked_select_that_sends)
{
    chan(int) a = chan_make(int, 0), b = chan_make(int, 0);
    char *message = NULL;

    go(catch_select, a, b, &message);
    let_all_park();
    chan_close(b);
    let_all_park();
    CHECK_PANIC(message, "send on closed channel");
    CHECK_EQ(chan_try_recv(a, NULL), 0); /* and it waits there no more */
}

INSIDE_TEST(conformance_select, select_never_takes_a_nil_channel)
{
    chan(int) nil = NULL, c = chan_make(int, 1);

    for (int i = 0; i < 100; i++) {
        CHECK_EQ(go_select(GO_RECV(nil, NULL), GO_SEND(nil, 1), GO_DEFAULT), 2);
        CHECK_EQ(go_select(GO_SEND(nil, 1), GO_SEND(c, 1)), 1);
        CHECK_EQ(go_select(GO_RECV(c, NULL), GO_RECV(nil, NULL)), 0);
    }
}

INSIDE_TEST(conformance_select, default_is_taken_only_if_nothing_is_ready)
{
    chan(int) c = chan_make(int, 1);
    int v = 0;

    CHECK_EQ(go_select(GO_DEFAULT, GO_RECV(c, &v)), 0);
    CHECK_EQ(go_select(GO_RECV(c, &v), GO_DEFAULT, GO_RECV(c, &v)), 1);
    chan_send(c, 4);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(go_select(GO_DEFAULT, GO_RECV(c, &v)), 1);
        CHECK_EQ(v, 4);
        CHECK_EQ(go_select(GO_SEND(c, 4), GO_DEFAULT), 0);
    }
}

static void echo(chan(int) c, chan(int) results)
{
    int v = -1;
    int which = go_select(GO_RECV(c, &v), GO_SEND(c, 7));

    chan_send(results, which * 10 + (which == 0 ? v : 0));
}

/* A select does not meet itself; two of the same kind meet each other. */
INSIDE_TEST(conformance_select, select_of_both_halves_of_one_channel)
{
    chan(int) c = chan_make(int, 0), results = chan_make(int, 2);

    go(echo, c, results);
    let_all_park();
    CHECK_EQ(chan_len(results), 0);
    go(echo, c, results);
    let_all_park();
    CHECK_EQ(chan_len(results), 2);
    CHECK_EQ(chan_recv(results) + chan_recv(results), 17);
}

INSIDE_TEST(conformance_select, select_prefers_nobody_over_a_closed_channel)
{
    chan(int) closed = chan_make(int, 0), c = chan_make(int, 1);
    int hits[2] = {0};

    chan_close(closed);
    for (int i = 0; i < 1000; i++) {
        chan_try_send(c, 1);
        hits[go_select(GO_RECV(closed, NULL), GO_RECV(c, NULL))]++;
    }
    CHECK(hits[0] > 400 && hits[1] > 400); /* 6 sigma; the seed is fixed */
}

INSIDE_TEST(conformance_select, select_tells_a_value_from_a_close)
{
    chan(int) c = chan_make(int, 1);
    int v = 9;
    bool ok = false;

    chan_send(c, 0);
    go_select(GO_RECV_OK(c, &v, &ok));
    CHECK(ok && v == 0);
    chan_close(c);
    v = 9;
    go_select(GO_RECV_OK(c, &v, &ok));
    CHECK(!ok && v == 0);
    go_select(GO_RECV_OK(c, NULL, NULL));
}

static void select_ok(chan(int) c, chan(int) other, int *v, bool *ok)
{
    go_select(GO_RECV_OK(other, v, ok), GO_RECV_OK(c, v, ok));
}

INSIDE_TEST(conformance_select, close_wakes_a_parked_select)
{
    chan(int) c = chan_make(int, 0), other = chan_make(int, 0);
    int v = 9;
    bool ok = true;

    go(select_ok, c, other, &v, &ok);
    let_all_park();
    CHECK(ok && v == 9);
    chan_close(c);
    let_all_park();
    CHECK(!ok && v == 0);
}

static void select_nothing(void)
{
    go_select_cases(NULL, 0);
}

INSIDE_TEST(conformance_select, select_without_cases_blocks_for_ever)
{
    chan(int) nil = NULL;

    go(select_nothing);
    go(select_send_two, nil, nil);
    go_sleep(GO_HOUR);
    CHECK_EQ(go_count(), 3);
}

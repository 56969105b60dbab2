/*
 * search_1_2_3 - three backends: in a row, at once, with a time-out, and with
 * replicas of which the first wins.
 *
 * Expected: CLEAN; latencies are exact on the virtual clock, and the losers
 * of a race do not leak, for there is room for their answers. Origin: Pike,
 * "Go concurrency patterns", 2012, search 1.0, 2.0, 2.1 and 3.0.
 */
#include "scenarios/check.h"

enum {
    KINDS = 3,
    REPLICAS = 3
};

/* In ms, by kind and replica. */
static const int latency[KINDS][REPLICAS] = {
    {40, 25, 70}, {60, 90, 30}, {100, 95, 20}};

static int search(int kind, int replica)
{
    go_sleep(latency[kind][replica] * GO_MILLISECOND);
    return 10 * kind + replica;
}

static void ask(int kind, int replica, chan(int) out)
{
    chan_send(out, search(kind, replica));
}

static void ask_first(int kind, chan(int) out)
{
    chan(int) c = chan_make(int, REPLICAS);

    for (int i = 0; i < REPLICAS; i++)
        go(ask, kind, i, c);
    chan_send(out, chan_recv(c));
}

static chan(int) ask_all(void)
{
    chan(int) c = chan_make(int, KINDS);

    for (int kind = 0; kind < KINDS; kind++)
        go(ask, kind, 0, c);
    return c;
}

SCENARIO(search_1_in_a_row, .about = "one backend after the other",
         .origin = "Pike 2012")
{
    for (int kind = 0; kind < KINDS; kind++)
        CHECK_EQ(search(kind, 0), 10 * kind);
    CHECK_EQ(go_now(), 200 * GO_MILLISECOND);
}

SCENARIO(search_2_at_once, .about = "three backends at once",
         .origin = "Pike 2012")
{
    chan(int) c = ask_all();

    for (int kind = 0; kind < KINDS; kind++)
        CHECK_EQ(chan_recv(c), 10 * kind); /* in the order of latency */
    CHECK_EQ(go_now(), 100 * GO_MILLISECOND);
}

SCENARIO(search_2_with_time_out, .about = "three backends, 80 ms for all",
         .origin = "Pike 2012")
{
    chan(int) c = ask_all();
    chan(go_instant) late = go_after(80 * GO_MILLISECOND);
    int answers = 0;

    while (!go_select(GO_RECV(c, NULL), GO_RECV(late, NULL)))
        answers++;
    CHECK_EQ(answers, 2);
    CHECK_EQ(go_now(), 80 * GO_MILLISECOND);
}

SCENARIO(search_3_replicated, .about = "the first of three replicas wins",
         .origin = "Pike 2012")
{
    static const int want[KINDS] = {22, 1, 12}; /* at 20, 25 and 30 ms */
    chan(int) c = chan_make(int, KINDS);

    for (int kind = 0; kind < KINDS; kind++)
        go(ask_first, kind, c);
    for (int i = 0; i < KINDS; i++)
        CHECK_EQ(chan_recv(c), want[i]);
    CHECK_EQ(go_now(), 30 * GO_MILLISECOND);
}

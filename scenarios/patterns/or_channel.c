/*
 * or_channel - closes as soon as one of many does.
 *
 * Pattern: a select over a set made at run time. Expected: CLEAN, at the time
 * of the earliest. Origin: Cox-Buday, Concurrency in Go, chapter 4.
 */
#include "scenarios/check.h"

enum {
    SIGNALS = 5
};

static void close_later(chan(bool) c, go_duration d)
{
    go_sleep(d);
    chan_close(c);
}

static void wait_for_one(chan(bool) * c, size_t n, chan(bool) any)
{
    struct go_case cases[SIGNALS];

    for (size_t i = 0; i < n; i++)
        cases[i] = GO_RECV(c[i], NULL);
    CHECK_EQ(go_select_cases(cases, n), 3);
    chan_close(any);
}

SCENARIO(or_channel, .about = "the first of five signals",
         .origin = "Concurrency in Go, chapter 4")
{
    static const int seconds[SIGNALS] = {7200, 300, 5, 1, 3600};
    chan(bool) signals[SIGNALS], any = chan_make(bool, 0);
    struct go_waitgroup wg = {0};

    for (int i = 0; i < SIGNALS; i++) {
        signals[i] = chan_make(bool, 0);
        go_waitgroup_go(&wg, close_later, signals[i], seconds[i] * GO_SECOND);
    }
    go(wait_for_one, signals, SIGNALS, any);
    CHECK(!chan_recv_ok(any, NULL));
    CHECK_EQ(go_now(), GO_SECOND);
    go_waitgroup_wait(&wg);
}

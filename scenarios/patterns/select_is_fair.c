/*
 * select_is_fair - two cases that are always ready, ten thousand picks.
 *
 * Expected: CLEAN. The test is chi-square with one degree of freedom; 30 is
 * exceeded by a fair select once in 20 million runs. A select of eight cases
 * takes each of them.
 */
#include "scenarios/check.h"

enum {
    PICKS = 10000,
    WIDE = 8
};

static void two_of_two(chan(int) a, chan(int) b)
{
    int64_t n[2] = {0};

    for (int i = 0; i < PICKS; i++)
        n[go_select(GO_RECV(a, NULL), GO_RECV(b, NULL))]++;
    CHECK((n[0] - n[1]) * (n[0] - n[1]) <= (int64_t)30 * PICKS);
}

static void eight_of_eight(chan(int) c)
{
    struct go_case cases[WIDE];
    int n[WIDE] = {0};

    for (int i = 0; i < WIDE; i++)
        cases[i] = GO_RECV(c, NULL);
    for (int i = 0; i < PICKS; i++)
        n[go_select_cases(cases, WIDE)]++;
    for (int i = 0; i < WIDE; i++) /* 1250 each, give or take 10 sigma */
        CHECK(n[i] > 900 && n[i] < 1600);
}

SCENARIO(select_is_fair, .about = "ready cases are picked at random")
{
    chan(int) a = chan_make(int, 0), b = chan_make(int, 0);

    chan_close(a); /* a closed channel is always ready */
    chan_close(b);
    two_of_two(a, b);
    eight_of_eight(a);
}

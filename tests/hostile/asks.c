/* asks.c - scenarios that ask the C library for the time and for numbers. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>
#include <vigil/scenario.h>

#define CHECK(cond) ((cond) ? (void)0 : go_panic("check failed: %s", #cond))
enum {
    EPOCH = 1704067200
};

static int64_t ns_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec * GO_SECOND + t.tv_nsec;
}

SCENARIO(times, .about = "all clocks are the run's", .explore = true)
{
    int64_t began = ns_of(CLOCK_MONOTONIC);
    struct timeval day;

    CHECK(time(NULL) == EPOCH);
    go_sleep(5 * GO_SECOND);
    gettimeofday(&day, NULL);
    CHECK(time(NULL) == EPOCH + 5 && day.tv_sec == EPOCH + 5);
    CHECK(ns_of(CLOCK_REALTIME_COARSE) / GO_SECOND == EPOCH + 5);
    CHECK(ns_of(CLOCK_MONOTONIC_RAW) - began >= 5 * GO_SECOND);
    CHECK(ns_of(CLOCK_MONOTONIC_RAW) - began < 5 * GO_SECOND + GO_MILLISECOND);
    CHECK(clock() >= 5 * CLOCKS_PER_SEC);
}

SCENARIO(polls, .about = "a loop that only asks for the time ends",
         .explore = true)
{
    int64_t end = ns_of(CLOCK_MONOTONIC) + GO_MILLISECOND;

    while (ns_of(CLOCK_MONOTONIC) < end)
        ;
}

SCENARIO(unlucky, .about = "two numbers that come seldom",
         .expect = EXPECT_PANIC("unlucky"), .explore = true)
{
    if (rand() % 7 == 3 && random() % 5 == 2)
        go_panic("unlucky");
}

SCENARIO(coin, .about = "both sides come, by every source",
         .expect = EXPECT_PANIC("seven heads"), .explore = true)
{
    unsigned char byte = 0, other = 0;

    if (getrandom(&byte, 1, 0) != 1 || getentropy(&other, 1))
        go_panic("no bytes");
    if (byte & 1 && other & 1 && lrand48() & 1 && mrand48() & 2 &&
        drand48() < 0.5 && arc4random() & 1 && arc4random_uniform(2) == 1)
        go_panic("seven heads");
}

SCENARIO(drawn, .about = "prints what it draws")
{
    srand(42);
    printf("drawn %d", rand());
    srand(42);
    printf(" %d\n", rand());
}

/*
 * prime_sieve - a filter for each prime, daisy-chained.
 *
 * Expected: the first twenty primes; then LEAK(21): the generator and twenty
 * filters, each in a send to the next, the last one without a reader. Origin:
 * McIlroy and Kahn; the sieve of the Go tutorial.
 */
#include <stdio.h>
#include "scenarios/check.h"

enum {
    PRIMES = 20
};

static void generate(chan(int) out)
{
    for (int i = 2;; i++)
        chan_send(out, i);
}

static void filter(chan(int) in, chan(int) out, int prime)
{
    chan_range(n, in)
        if (n % prime)
            chan_send(out, n);
}

SCENARIO(prime_sieve, .about = "twenty filters in a row",
         .expect = EXPECT_LEAK(PRIMES + 1), .origin = "Go tutorial")
{
    chan(int) c = chan_make(int, 0);
    int prime = 0;

    go(generate, c);
    for (int i = 0; i < PRIMES; i++) {
        chan(int) next = chan_make(int, 0);

        prime = chan_recv(c);
        printf("%d ", prime);
        go(filter, c, next, prime);
        c = next;
    }
    puts("");
    CHECK_EQ(prime, 71);
}

/*
 * tee - each value goes to two readers, whoever is ready first.
 *
 * Pattern: copies of the handles that become nil when served. Expected:
 * CLEAN; both readers see all. Origin: Cox-Buday, Concurrency in Go, ch. 4.
 */
#include "scenarios/check.h"

enum {
    VALUES = 10
};

static void tee(chan(int) in, chan(int) left, chan(int) right)
{
    chan_range(v, in) {
        chan(int) a = left, b = right;

        while (a || b)
            if (go_select(GO_SEND(a, v), GO_SEND(b, v)) == 0)
                a = NULL;
            else
                b = NULL;
    }
    chan_close(left);
    chan_close(right);
}

static void count(chan(int) in, struct go_atomic *sum)
{
    chan_range(v, in)
        go_atomic_add(sum, v);
}

SCENARIO(tee, .about = "two readers, each sees all",
         .origin = "Concurrency in Go, chapter 4")
{
    chan(int) in = chan_make(int, 0);
    chan(int) out[2] = {chan_make(int, 0), chan_make(int, 0)};
    struct go_atomic sum[2] = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, tee, in, out[0], out[1]);
    for (int i = 0; i < 2; i++)
        go_waitgroup_go(&wg, count, out[i], &sum[i]);
    for (int i = 1; i <= VALUES; i++)
        chan_send(in, i);
    chan_close(in);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&sum[0]), 55);
    CHECK_EQ(go_atomic_load(&sum[1]), 55);
}

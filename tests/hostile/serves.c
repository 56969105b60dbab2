/*
 * serves.c - mains that never end, right ones and some that leave others stuck.
 */
#include <errno.h>
#include <time.h>
#include <stdlib.h>
#include <unistd.h>
#include <vigil/scenario.h>

static void call(chan(int) calls)
{
    go_expect_daemon();
    for (;;) {
        chan_send(calls, 1);
        go_sleep(GO_MILLISECOND);
    }
}

SCENARIO(serves_calls, .about = "a server, with its client")
{
    chan(int) calls = chan_make(int, 0);

    go(call, calls);
    for (;;)
        chan_recv(calls);
}

SCENARIO(serves_ticks, .about = "whatever is due, for ever")
{
    struct go_ticker *t = go_ticker_new(GO_MILLISECOND);

    for (;;)
        chan_recv(t->c);
}

SCENARIO(serves_naps, .about = "the C library's sleep, for ever")
{
    for (;;)
        usleep(1000);
}

SCENARIO(naps, .about = "the C library's sleep, an hour of it")
{
    go_instant begun = go_now();

    for (int i = 0; i < 60; i++)
        sleep(60);
    if (go_since(begun) != GO_HOUR)
        go_panic("%s", "it was not an hour");
    /* the time that a thread computes is no clock to sleep by */
    if (clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &(struct timespec){1, 0},
                        NULL) != EINVAL)
        go_panic("%s", "it was slept by");
}

struct box {
    struct go_waitgroup wg;
};

static void wait_for(struct box *b)
{
    go_waitgroup_wait(&b->wg);
}

static __attribute__((noinline)) void open_box(int n)
{
    struct box *b = calloc(1, sizeof(*b));

    go_waitgroup_add(&b->wg, n);
    go(wait_for, b);
    while (n-- > 1)
        go_waitgroup_done(&b->wg);
}

/* The words of frames that are left: in gaps of later ones they would be held. */
static __attribute__((noinline)) void wash(void)
{
    volatile char left[2048];

    for (size_t i = 0; i < sizeof(left); i++)
        left[i] = 0;
}

SCENARIO(forgets_box, .about = "a group on the heap that nobody has any more",
         .expect = EXPECT_LEAK(1))
{
    open_box(2);
    wash();
    for (;;)
        go_sleep(GO_MILLISECOND);
}

static void try_once(chan(int) c)
{
    chan_try_send(c, 1);
}

SCENARIO(lost_try, .about = "a try meets nobody, for who waits comes later",
         .expect = EXPECT_DEADLOCK)
{
    chan(int) c = chan_make(int, 0);

    go(try_once, c);
    chan_recv(c);
}

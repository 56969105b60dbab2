/*
 * chatter.c - daemons that talk to each other for ever, behind main's return:
 * that is over, whatever they do; but for who is not one of them.
 */
#include <vigil/scenario.h>

static struct go_barrier gate = {.size = 2};

static void meet(void)
{
    go_expect_daemon();
    for (;;)
        go_barrier_wait(&gate);
}

static void begin_meeting(void)
{
    go(meet);
    go(meet);
}

SCENARIO(meets, .about = "at a barrier", .explore = true)
{
    begin_meeting();
}

static void echo(chan(int) in, chan(int) out)
{
    go_expect_daemon();
    for (;;)
        chan_send(out, chan_recv(in));
}

static void begin_echo(void)
{
    chan(int) there = chan_make(int, 1), back = chan_make(int, 1);

    go(echo, there, back);
    go(echo, back, there);
    chan_send(there, 1);
}

SCENARIO(echoes, .about = "by channels", .explore = true)
{
    begin_echo();
}

static void lock_twice(void)
{
    static struct go_mutex m;

    go_mutex_lock(&m);
    go_mutex_lock(&m);
}

SCENARIO(echoes_and_leak, .about = "and somebody is stuck",
         .expect = EXPECT_LEAK(1))
{
    begin_echo();
    go(lock_twice);
}

static void spin(struct go_atomic *never)
{
    while (!go_atomic_load(never))
        go_yield();
}

SCENARIO(echoes_and_left, .about = "and somebody runs on",
         .expect = EXPECT_LEFT(1))
{
    static struct go_atomic never;

    begin_echo();
    go(spin, &never);
}

/* One of them fails while all the others talk. */
static void fall(void)
{
    go_expect_daemon();
    for (int i = 0; i < 20; i++)
        go_yield();
    go_panic("a daemon fell");
}

SCENARIO(echoes_and_panic, .about = "and one of them panics",
         .expect = EXPECT_PANIC("a daemon fell"))
{
    begin_echo();
    go(fall);
}

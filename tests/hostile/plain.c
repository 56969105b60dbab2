/*
 * plain.c - scenarios that behave, for the tests of the command line.
 */
#include <vigil/scenario.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

SCENARIO(clean, .about = "comes to its end", .origin = "made up")
{
    puts("said on standard output");
    fputs("said on standard error\n", stderr);
}

SCENARIO(deadlock, .about = "receives from nobody", .expect = EXPECT_DEADLOCK)
{
    chan(int) c = chan_make(int, 0);

    chan_recv(c);
}

static void wait_for_nobody(chan(int) c)
{
    chan_recv(c);
}

SCENARIO(leak, .about = "leaves one behind", .expect = EXPECT_LEAK(1))
{
    go(wait_for_nobody, chan_make(int, 0));
}

SCENARIO(panic, .about = "closes twice", .expect = EXPECT_PANIC("close of"))
{
    chan(int) c = chan_make(int, 0);

    chan_close(c);
    chan_close(c);
}

/* The four below expect what does not come: each must be told. */

SCENARIO(wrong_clean, .about = "expects nothing, gets a deadlock")
{
    chan(int) c = NULL;

    puts("before the end");
    chan_recv(c);
}

SCENARIO(wrong_deadlock, .about = "expects a deadlock, gets none",
         .expect = EXPECT_DEADLOCK)
{
    puts("nothing is wrong here");
}

SCENARIO(wrong_count, .about = "leaves one, expects two",
         .expect = EXPECT_LEAK(2))
{
    go(wait_for_nobody, chan_make(int, 0));
}

SCENARIO(wrong_text, .about = "another panic than expected",
         .expect = EXPECT_PANIC("send on"))
{
    chan(int) c = chan_make(int, 0);

    chan_close(c);
    chan_close(c);
}

static void turns(struct go_mutex *m)
{
    for (int i = 0; i < 10; i++) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
}

SCENARIO(undecided, .about = "more schedules than a run tries",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, turns, &m);
    go_waitgroup_wait(&wg);
}

/* Not as expected in about every other run, for --repeat. */
SCENARIO(sometimes, .about = "as the seed has it")
{
    if (go_choose(2) == 0)
        go_panic("the coin fell");
}

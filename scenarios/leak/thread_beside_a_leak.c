/*
 * thread_beside_a_leak - a thread lives that is no goroutine, and knows
 * nothing.
 *
 * Pattern: a leak in a program with a library that has a thread of its own.
 * Expected: LEAK(1), proven while the thread waits for its input.
 */
#include <pthread.h>
#include <unistd.h>
#include "scenarios/check.h"

static void *listen_for_end(void *fd)
{
    char byte;

    while (read((int)(intptr_t)fd, &byte, 1) < 0)
        continue; /* a look may interrupt it */
    return NULL;
}

static void answer(chan(int) c)
{
    chan_send(c, 42);
}

FORGETS static void ask_and_give_up(void)
{
    chan(int) c = chan_make(int, 0);

    go(answer, c);
}

SCENARIO(thread_beside_a_leak, .about = "a leak beside a thread",
         .expect = EXPECT_LEAK(1))
{
    pthread_t thread;
    int fds[2];

    CHECK_EQ(pipe(fds), 0);
    CHECK_EQ(
        pthread_create(&thread, NULL, listen_for_end, (void *)(intptr_t)fds[0]),
        0);
    ask_and_give_up();
    look_until_stuck(1);
    CHECK_EQ(write(fds[1], "", 1), 1);
    pthread_join(thread, NULL);
}

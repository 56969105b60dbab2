/* sought_test.c - threads of the program's own, without what /proc has of them. */
#include "runtime/sched/sought.h"

#include <pthread.h>
#include <unistd.h>

#include "runtime/sched/sched.h"
#include "runtime/sched/strangers.h"
#include "tests/inside.h"

static void *reads(void *end)
{
    char byte;

    CHECK_EQ(read(*(int *)end, &byte, 1), 1);
    return NULL;
}

INSIDE_TEST(sought, who_was_found_counts_for_as_long_as_he_is_there)
{
    pthread_t thread;
    int end[2];

    CHECK_EQ(pipe(end), 0);
    CHECK_EQ(pthread_create(&thread, NULL, reads, end), 0);
    CHECK_EQ(rt_sought_yet(), RT_STRANGERS_UNKNOWN);
    CHECK_EQ(rt_sought(), 1);
    CHECK_EQ(rt_sought_yet(), 1);
    CHECK_EQ(write(end[1], "", 1), 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    while (rt_sought_yet() == 1) /* the kernel forgets it after that */
        go_yield();
    CHECK_EQ(rt_sought_yet(), RT_STRANGERS_UNKNOWN);
    CHECK_EQ(rt_sought(), 0);
}

INSIDE_TEST(sought, that_nobody_is_there_holds_while_the_world_stands)
{
    CHECK(rt_world_stop(NULL));
    CHECK_EQ(rt_sought(), 0);
    CHECK_EQ(rt_sought_yet(), 0);
    rt_world_start();
    CHECK_EQ(rt_sought_yet(), RT_STRANGERS_UNKNOWN);
    CHECK_EQ(rt_sought(), 0);
    CHECK_EQ(rt_sought_yet(), RT_STRANGERS_UNKNOWN);
}

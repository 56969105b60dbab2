/*
 * pointer_to_the_middle_of_a_struct - only a link inside a block is known.
 *
 * Looks stuck to whoever follows pointers to the start of blocks only: the
 * waker holds the address of a member and finds the rest by its offset, as
 * intrusive lists do. Expected: CLEAN, and no early alarm.
 */
#include "scenarios/check.h"

struct link {
    struct link *next;
};

struct job {
    char payload[100];
    struct link link;
    chan(int) done;
};

static void finish(struct link *link)
{
    go_sleep(GO_SECOND);
    struct job *job = (void *)((char *)link - offsetof(struct job, link));
    chan_send(job->done, 42);
    free(job);
}

static chan(int) start(void)
{
    struct job *job = calloc(1, sizeof *job);

    CHECK(job);
    job->done = chan_make(int, 0);
    go(finish, &job->link);
    return job->done;
}

SCENARIO(pointer_to_the_middle_of_a_struct,
         .about = "the waker knows a member's address")
{
    CHECK_EQ(chan_recv(start()), 42);
}

/*
 * pointer_to_the_middle_of_a_struct - only a link inside a block is known.
 *
 * Looks stuck to whoever follows pointers to the start of blocks only. Is not:
 * main holds the address of a member and finds the rest by its offset, as
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

static void wait(chan(int) done)
{
    CHECK_EQ(chan_recv(done), 42);
}

FORGETS static struct link *start(void)
{
    struct job *job = calloc(1, sizeof *job);

    CHECK(job);
    job->done = chan_make(int, 0);
    go(wait, job->done);
    return &job->link;
}

SCENARIO(pointer_to_the_middle_of_a_struct,
         .about = "only a member's address is known")
{
    struct link *link = start();
    struct job *job;

    look_in_vain();
    job = (void *)((char *)link - offsetof(struct job, link));
    chan_send(job->done, 42);
    free(job);
}

/*
 * cond_wrong_mutex - the twin: one mutex for the flag and the wait.
 *
 * Pattern: go_cond_wait gives the mutex back and parks in one step, so there
 * is no gap. Expected: CLEAN.
 */
#include "scenarios/check.h"

static struct go_mutex mu;
static struct go_cond changed;
static bool done;

static void finish(void)
{
    go_mutex_lock(&mu);
    done = true;
    go_cond_signal(&changed);
    go_mutex_unlock(&mu);
}

SCENARIO(cond_wrong_mutex, .about = "flag and wait under one mutex")
{
    go_mutex_lock(&mu);
    go(finish);
    go_sleep(GO_MILLISECOND); /* finish queues for the mutex meanwhile */
    while (!done)
        go_cond_wait(&changed, &mu);
    go_mutex_unlock(&mu);
    CHECK(done);
}

/*
 * worker_pool_no_close - the twin: closed when the last job is in.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

enum {
    WORKERS = 4,
    JOBS = 20
};

static void work(chan(int) jobs, chan(int) results)
{
    chan_range(job, jobs)
        chan_send(results, job * job);
}

SCENARIO(worker_pool_no_close, .about = "the job channel is closed")
{
    chan(int) jobs = chan_make(int, JOBS), results = chan_make(int, JOBS);
    int sum = 0;

    for (int i = 0; i < WORKERS; i++)
        go(work, jobs, results);
    for (int i = 0; i < JOBS; i++)
        chan_send(jobs, i);
    chan_close(jobs);
    for (int i = 0; i < JOBS; i++)
        sum += chan_recv(results);
    CHECK_EQ(sum, 2470);
}

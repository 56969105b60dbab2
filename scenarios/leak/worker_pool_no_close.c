/*
 * worker_pool_no_close - the jobs are done, the workers wait for more.
 *
 * Pattern: a pool whose job channel nobody closes. Expected: LEAK(4).
 * Origin: classic.
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

SCENARIO(worker_pool_no_close, .about = "the job channel is never closed",
         .expect = EXPECT_LEAK(4))
{
    chan(int) jobs = chan_make(int, JOBS), results = chan_make(int, JOBS);
    int sum = 0;

    for (int i = 0; i < WORKERS; i++)
        go(work, jobs, results);
    for (int i = 0; i < JOBS; i++)
        chan_send(jobs, i);
    for (int i = 0; i < JOBS; i++)
        sum += chan_recv(results);
    CHECK_EQ(sum, 2470);
}

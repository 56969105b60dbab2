/*
 * workers_36 - thirty-six workers, a queue of jobs, results collected.
 *
 * Expected: CLEAN; every job is done once.
 */
#include "scenarios/check.h"

enum {
    WORKERS = 36,
    JOBS = 720
};

static void work(chan(int) jobs, chan(int) results)
{
    chan_range(job, jobs) {
        go_yield();
        chan_send(results, job);
    }
}

static void give_out(chan(int) jobs)
{
    for (int i = 0; i < JOBS; i++)
        chan_send(jobs, i);
    chan_close(jobs);
}

SCENARIO(workers_36, .about = "36 workers share 720 jobs", .procs = 4)
{
    chan(int) jobs = chan_make(int, 10), results = chan_make(int, 10);
    struct go_waitgroup wg = {0};
    int done[JOBS] = {0};

    for (int i = 0; i < WORKERS; i++)
        go_waitgroup_go(&wg, work, jobs, results);
    go(give_out, jobs);
    for (int i = 0; i < JOBS; i++)
        done[chan_recv(results)]++;
    for (int i = 0; i < JOBS; i++)
        CHECK_EQ(done[i], 1);
    go_waitgroup_wait(&wg);
}

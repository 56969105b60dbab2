/*
 * worker_pool - a bounded queue, closed and waited for; and with errors.
 *
 * Pattern: results carry an error; the collector counts, nobody hangs.
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

enum {
    WORKERS = 4,
    JOBS = 50,
    QUEUE = 5
};

struct result {
    int job, value; /* value < 0: -errno */
};

static void work(chan(int) jobs, chan(struct result) results, int bad_every)
{
    chan_range(job, jobs) {
        bool bad = bad_every && job % bad_every == 0;

        chan_send(results, (struct result){job, bad ? -EINVAL : job * job});
    }
}

static void close_after(struct go_waitgroup *wg, chan(struct result) results)
{
    go_waitgroup_wait(wg);
    chan_close(results);
}

static void give_out(chan(int) jobs)
{
    for (int i = 0; i < JOBS; i++)
        chan_send(jobs, i);
    chan_close(jobs);
}

/* Runs the pool; the sum of the good results, the errors in *nerror. */
static int run_pool(int bad_every, int *nerror)
{
    chan(int) jobs = chan_make(int, QUEUE);
    chan(struct result) results = chan_make(struct result, QUEUE);
    struct go_waitgroup wg = {0};
    int sum = 0;

    for (int i = 0; i < WORKERS; i++)
        go_waitgroup_go(&wg, work, jobs, results, bad_every);
    go(give_out, jobs);
    go(close_after, &wg, results);
    chan_range(r, results) {
        if (r.value < 0)
            ++*nerror;
        else
            sum += r.value;
    }
    return sum;
}

SCENARIO(worker_pool, .about = "a bounded queue, closed and waited for")
{
    int errors = 0;

    CHECK_EQ(run_pool(0, &errors), 40425);
    CHECK_EQ(errors, 0);
}

SCENARIO(worker_pool_with_errors, .about = "every tenth job fails")
{
    int errors = 0;

    CHECK_EQ(run_pool(10, &errors), 40425 - 3000);
    CHECK_EQ(errors, 5);
}

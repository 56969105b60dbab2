/*
 * error_path_skips_drain - the twin: remembers the error, takes all results.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void work(chan(int) results, int id)
{
    go_sleep(id * GO_MILLISECOND);
    chan_send(results, id == 1 ? -EIO : id);
}

static int collect(chan(int) results, int n)
{
    int err = 0;

    for (int i = 0; i < n; i++) {
        int r = chan_recv(results);

        if (r < 0 && !err)
            err = r;
    }
    return err;
}

SCENARIO(error_path_skips_drain, .about = "the error path drains")
{
    chan(int) results = chan_make(int, 0);

    for (int i = 0; i < 4; i++)
        go(work, results, i);
    CHECK_EQ(collect(results, 4), -EIO);
}

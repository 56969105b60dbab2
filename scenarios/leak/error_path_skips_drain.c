/*
 * error_path_skips_drain - the first error returns, the others still send.
 *
 * Pattern: collects n results, and leaves the loop early. Expected: LEAK(2):
 * workers 2 and 3. Origin: classic.
 */
#include "scenarios/check.h"

static void work(chan(int) results, int id)
{
    go_sleep(id * GO_MILLISECOND);
    chan_send(results, id == 1 ? -EIO : id);
}

static int collect(chan(int) results, int n)
{
    for (int i = 0; i < n; i++) {
        int r = chan_recv(results);

        if (r < 0)
            return r; /* the bug: n - i - 1 results are still to come */
    }
    return 0;
}

SCENARIO(error_path_skips_drain, .about = "the error path does not drain",
         .expect = EXPECT_LEAK(2))
{
    chan(int) results = chan_make(int, 0);

    for (int i = 0; i < 4; i++)
        go(work, results, i);
    CHECK_EQ(collect(results, 4), -EIO);
}

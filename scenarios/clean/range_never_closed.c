/*
 * range_never_closed - the twin: the writer closes, whatever way it ends.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void sum(chan(int) c, struct go_atomic *total)
{
    chan_range(v, c)
        go_atomic_add(total, v);
}

static void write_three(chan(int) c)
{
    go_defer_close(c);
    for (int i = 0; i < 3; i++)
        chan_send(c, i);
}

SCENARIO(range_never_closed, .about = "range with a deferred close")
{
    struct go_atomic total = {0};
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, 0);

    go_waitgroup_go(&wg, sum, c, &total);
    write_three(c);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&total), 3);
}

/*
 * pipeline - generate, square by four, merge; the reader may leave early.
 *
 * Pattern: every send also listens to done. Expected: CLEAN, whether the
 * reader takes all or two. Origin: Ajmani, "Go concurrency patterns:
 * pipelines and cancellation", 2014.
 */
#include "scenarios/check.h"

enum {
    NUMBERS = 20,
    SQUARERS = 4
};

struct merge {
    chan(int) out;
    struct go_waitgroup wg;
};

static void generate(chan(int) out, chan(bool) done)
{
    for (int i = 1; i <= NUMBERS; i++)
        if (go_select(GO_SEND(out, i), GO_RECV(done, NULL)))
            break;
    chan_close(out);
}

static void square(chan(int) in, chan(int) out, chan(bool) done)
{
    chan_range(n, in)
        if (go_select(GO_SEND(out, n * n), GO_RECV(done, NULL)))
            return;
}

static void close_after(struct merge *m)
{
    go_waitgroup_wait(&m->wg);
    chan_close(m->out);
}

/* Fans in to four and out into m->out, which is closed after the last one. */
static void start(struct merge *m, chan(bool) done)
{
    chan(int) numbers = chan_make(int, 0);

    m->out = chan_make(int, 0);
    go(generate, numbers, done);
    for (int i = 0; i < SQUARERS; i++)
        go_waitgroup_go(&m->wg, square, numbers, m->out, done);
    go(close_after, m);
}

SCENARIO(pipeline, .about = "the reader takes all", .origin = "Ajmani 2014")
{
    struct merge m = {0};
    chan(bool) done = chan_make(bool, 0);
    int sum = 0;

    start(&m, done);
    chan_range(n, m.out)
        sum += n;
    CHECK_EQ(sum, 2870);
}

SCENARIO(pipeline_left_early, .about = "the reader takes two and leaves",
         .origin = "Ajmani 2014")
{
    static struct merge m; /* outlives main */
    chan(bool) done = chan_make(bool, 0);

    start(&m, done);
    chan_recv(m.out);
    chan_recv(m.out);
    chan_close(done);
}

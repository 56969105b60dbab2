/* borrowed - who would answer has a pointer into main's stack. */
#include <vigil/scenario.h>

struct request {
    char what[32];
    chan(int) answer, go_ahead;
};

static void work(struct request *r)
{
    go_name("worker");
    chan_recv(r->go_ahead);
    chan_send(r->answer, 42);
}

SCENARIO(borrowed, .about = "no go-ahead, no answer", .expect = EXPECT_DEADLOCK)
{
    struct request r = {.what = "sum"};

    r.answer = chan_make(int, 0);
    r.go_ahead = chan_make(int, 0);
    go(work, &r);
    chan_recv(r.answer);
}

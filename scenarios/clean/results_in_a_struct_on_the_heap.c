/*
 * results_in_a_struct_on_the_heap - the twin: the result is read before the
 * block is freed.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

struct request {
    int id;
    chan(int) result;
};

static void work(chan(int) result, int id)
{
    go_sleep(GO_MILLISECOND);
    chan_send(result, id);
}

static int ask(int id)
{
    struct request *r = malloc(sizeof *r);

    CHECK(r);
    *r = (struct request){id, chan_make(int, 0)};
    go(work, r->result, r->id);
    int result = chan_recv(r->result);
    free(r);
    return result;
}

SCENARIO(results_in_a_struct_on_the_heap, .about = "read, then freed")
{
    CHECK_EQ(ask(7), 7);
}

/*
 * results_in_a_struct_on_the_heap - the only handle was in a freed block.
 *
 * Pattern: a request object that holds its result channel is freed while the
 * worker still waits for somebody to read. Expected: LEAK(1).
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

static void ask_and_forget(int id)
{
    struct request *r = malloc(sizeof *r);

    CHECK(r);
    *r = (struct request){id, chan_make(int, 0)};
    go(work, r->result, r->id);
    free(r);
}

SCENARIO(results_in_a_struct_on_the_heap,
         .about = "the result's channel was in a freed block",
         .expect = EXPECT_LEAK(1))
{
    ask_and_forget(7);
}

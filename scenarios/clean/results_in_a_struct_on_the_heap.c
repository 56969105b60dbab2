/*
 * results_in_a_struct_on_the_heap - the twin: the result is read before the
 * block is freed.
 *
 * Expected: CLEAN; looks in between prove nobody stuck.
 */
#include "scenarios/check.h"

struct request {
    int id;
    chan(int) result;
};

static void work(chan(int) result, int id)
{
    chan_send(result, id);
}

FORGETS static struct request *ask(int id)
{
    struct request *r = malloc(sizeof *r);

    CHECK(r);
    *r = (struct request){id, chan_make(int, 0)};
    go(work, r->result, r->id);
    return r;
}

SCENARIO(results_in_a_struct_on_the_heap, .about = "read, then freed")
{
    struct request *r = ask(7);

    look_in_vain();
    CHECK_EQ(chan_recv(r->result), 7);
    free(r);
}

/*
 * results_in_a_struct_on_the_heap - the only handle was in a block that is
 * freed, or that nobody points at any more.
 *
 * Pattern: a request object that holds its result channel is given up while
 * the worker still waits for somebody to read. Expected: LEAK(1), proven while
 * main goes on: neither a freed nor a lost block can be read.
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

static struct request *ask(int id)
{
    struct request *r = malloc(sizeof *r);

    CHECK(r);
    *r = (struct request){id, chan_make(int, 0)};
    go(work, r->result, r->id);
    return r;
}

FORGETS static void ask_and_free(void)
{
    free(ask(7));
}

FORGETS static void ask_and_lose(void)
{
    CHECK_EQ(ask(7)->id, 7);
}

SCENARIO(results_in_a_struct_on_the_heap,
         .about = "the result's channel was in a freed block",
         .expect = EXPECT_LEAK(1))
{
    ask_and_free();
    look_until_stuck(1);
}

SCENARIO(results_in_a_struct_on_the_heap_lost,
         .about = "the result's channel is in a lost block",
         .expect = EXPECT_LEAK(1))
{
    ask_and_lose();
    look_until_stuck(1);
}

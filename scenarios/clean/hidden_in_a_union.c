/*
 * hidden_in_a_union - the handle is stored where a number may be, too.
 *
 * Looks stuck to whoever goes by types. Expected: CLEAN, and no early alarm:
 * a word is a word.
 */
#include "scenarios/check.h"

struct value {
    enum {
        NUMBER,
        CHANNEL
    } kind;
    union {
        int64_t number;
        double real;
        chan(int) channel;
    } as;
};

static void deliver(struct value *v)
{
    go_sleep(GO_SECOND);
    if (v->kind == CHANNEL)
        chan_send(v->as.channel, 42);
    free(v);
}

SCENARIO(hidden_in_a_union, .about = "a union on the heap has the handle")
{
    struct value *v = malloc(sizeof *v);
    chan(int) c = chan_make(int, 0);

    CHECK(v);
    v->kind = CHANNEL;
    v->as.channel = c;
    go(deliver, v);
    CHECK_EQ(chan_recv(c), 42);
}

/*
 * hidden_in_a_union - the handle is stored where a number may be, too.
 *
 * Looks stuck to whoever goes by types. Is not: a word is a word. Expected:
 * CLEAN, and no early alarm.
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

static void wait(chan(int) c)
{
    CHECK_EQ(chan_recv(c), 42);
}

FORGETS static struct value *start(void)
{
    struct value *v = malloc(sizeof *v);

    CHECK(v);
    v->kind = CHANNEL;
    v->as.channel = chan_make(int, 0);
    go(wait, v->as.channel);
    return v;
}

SCENARIO(hidden_in_a_union, .about = "a union on the heap has the handle")
{
    struct value *v = start();

    look_in_vain();
    if (v->kind == CHANNEL)
        chan_send(v->as.channel, 42);
    free(v);
}

/*
 * nil_function - the twin: go with a function pointer that was set.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

struct handler {
    void (*serve)(int, chan(int));
};

static void serve(int n, chan(int) out)
{
    chan_send(out, n);
}

SCENARIO(nil_function, .about = "go with a function pointer")
{
    struct handler h = {.serve = serve};
    chan(int) out = chan_make(int, 0);

    go(h.serve, 1, out);
    CHECK_EQ(chan_recv(out), 1);
}

/*
 * deep_stack - recursion over most of a stack, and over all of it.
 *
 * Pattern: stacks are of a fixed size with a guard below. Expected: CLEAN for
 * 40 of 64 KiB; the other one is stopped with a report that names goroutine
 * and limit: PANIC "stack overflow".
 */
#include "scenarios/check.h"

/* Goes down until depth bytes are used; returns the number of frames. */
static int descend(const char *top, ptrdiff_t depth, int frames)
{
    volatile char room[256];
    const char *here = __builtin_frame_address(0);

    room[frames & 255] = 1; /* work after the call: no tail call */
    if (top - here >= depth)
        return frames;
    return descend(top, depth, frames + 1) + (room[frames & 255] - 1);
}

static void dive(ptrdiff_t depth, chan(int) out)
{
    chan_send(out, descend(__builtin_frame_address(0), depth, 1));
}

SCENARIO(deep_stack, .about = "most of a stack is used")
{
    chan(int) out = chan_make(int, 0);

    go(dive, 40 << 10, out);
    CHECK(chan_recv(out) > 10);
}

SCENARIO(deep_stack_overflow, .about = "more than a stack is used",
         .expect = EXPECT_PANIC("stack overflow"))
{
    chan(int) out = chan_make(int, 0);

    go(dive, 1 << 30, out);
    chan_recv(out);
}

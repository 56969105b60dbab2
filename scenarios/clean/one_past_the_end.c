/*
 * one_past_the_end - only the end of an array is known, from which it is read
 * backwards.
 *
 * Looks stuck to whoever takes that address for the next block's. Is not: a
 * pointer may stand one past the end. Expected: CLEAN, and no early alarm.
 */
#include "scenarios/check.h"

typedef chan(int) handle;

enum {
    MEMBERS = 8 /* of 8 bytes: a size that heaps give without a gap */
};

static void wait(handle c)
{
    CHECK_EQ(chan_recv(c), 42);
}

FORGETS static handle *start(void)
{
    handle *all = calloc(MEMBERS, sizeof(*all));

    CHECK(all);
    for (int i = 0; i < MEMBERS; i++) {
        all[i] = chan_make(int, 0);
        go(wait, all[i]);
    }
    return all + MEMBERS;
}

SCENARIO(one_past_the_end, .about = "only the end of an array is known")
{
    handle *end = start();

    look_in_vain();
    for (int i = 0; i < MEMBERS; i++)
        chan_send(*--end, 42);
    free(end);
}

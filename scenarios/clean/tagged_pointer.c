/*
 * tagged_pointer - the lowest bits of a pointer or handle mean something else.
 *
 * Looks stuck to whoever compares whole words. Is not: the three lowest bits
 * are taken off before use, as many programs do. Expected: CLEAN, and no early
 * alarm.
 */
#include "scenarios/check.h"

typedef chan(int) handle;

enum {
    TAG = 7
};

struct box {
    uintptr_t tagged; /* a handle, or the next box */
};

static void wait(handle c)
{
    CHECK_EQ(chan_recv(c), 42);
}

static struct box *make_box(uintptr_t tagged)
{
    struct box *b = malloc(sizeof *b);

    CHECK(b);
    b->tagged = tagged;
    return b;
}

FORGETS static void start(struct box *b, handle c)
{
    b->tagged = (uintptr_t)c | 5;
    go(wait, c);
}

SCENARIO(tagged_pointer, .about = "only a tagged handle is known")
{
    struct box *b = make_box(0);

    start(b, chan_make(int, 0));
    look_in_vain();
    chan_send((handle)(b->tagged & ~(uintptr_t)TAG), 42);
    free(b);
}

FORGETS static struct box *start_behind(void)
{
    struct box *inner = make_box(0);
    struct box *outer = make_box((uintptr_t)inner | 3);

    start(inner, chan_make(int, 0));
    return outer;
}

SCENARIO(tagged_pointer_to_a_block, .about = "only a tagged pointer is known")
{
    struct box *outer = start_behind(), *inner;

    look_in_vain();
    inner = (struct box *)(outer->tagged & ~(uintptr_t)TAG);
    chan_send((handle)(inner->tagged & ~(uintptr_t)TAG), 42);
    free(inner);
    free(outer);
}

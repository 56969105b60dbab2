/*
 * panic_and_recover - a child panics; caught, and not caught.
 *
 * Expected: CLEAN when go_try catches it: deferred calls have run, newest
 * first. PANIC when nobody does.
 */
#include <string.h>
#include "scenarios/check.h"

struct trail {
    char text[8];
};

static void note_a(struct trail *t)
{
    strcat(t->text, "a");
}

static void note_b(struct trail *t)
{
    strcat(t->text, "b");
}

static void inner(struct trail *t)
{
    go_defer(note_a, t);
    go_defer(note_b, t);
    go_panic("no %s left", "sheep");
}

static void child(struct trail *t, chan(char *) out)
{
    chan_send(out, go_try(inner, t));
}

static void careless(struct trail *t)
{
    inner(t);
}

SCENARIO(panic_recovered, .about = "go_try catches a child's panic")
{
    struct trail t = {""};
    chan(char *) out = chan_make(char *, 0);

    go(child, &t, out);
    char *message = chan_recv(out);
    CHECK(message && strcmp(message, "no sheep left") == 0);
    CHECK(strcmp(t.text, "ba") == 0);
    free(message);
}

SCENARIO(panic_not_recovered, .about = "nobody catches a child's panic",
         .expect = EXPECT_PANIC("no sheep left"))
{
    static struct trail t;

    go(careless, &t);
    go_sleep(GO_SECOND);
}

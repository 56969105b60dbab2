/*
 * chains.c - goroutines that each spawn the next, for long; what goes wrong is
 * done by the last of them.
 */
#include <vigil/scenario.h>

struct end {
    struct go_waitgroup wg;
    struct go_mutex a, b;
};

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static void nothing(void)
{
}

/* Behind each helpers stands the next. */
static void link(int left, int helpers, struct end *end)
{
    if (left == 0) {
        go_waitgroup_go(&end->wg, both, &end->a, &end->b);
        go_waitgroup_go(&end->wg, both, &end->b, &end->a);
        return;
    }
    for (int i = 0; i < helpers; i++)
        go(nothing);
    go_waitgroup_go(&end->wg, link, left - 1, helpers, end);
}

/* Every second one has a helper: the letters are two in turn. */
static void turn(int left, struct end *end)
{
    if (left == 0) {
        link(0, 0, end);
        return;
    }
    if (left % 2)
        go(nothing);
    go_waitgroup_go(&end->wg, turn, left - 1, end);
}

/* All are there until the last one is. */
static void daisy(int left, chan(int) out, struct end *end)
{
    chan(int) in = chan_make(int, 0);

    if (left == 0) {
        link(0, 0, end);
        chan_send(out, 0);
        return;
    }
    go(daisy, left - 1, in, end);
    chan_send(out, 1 + chan_recv(in));
}

#define CHAIN(name, ...)                                                       \
    SCENARIO(name, .about = "two locks, two orders, at the end of a chain",    \
             .explore = true, .expect = EXPECT_DEADLOCK)                       \
    {                                                                          \
        struct end end = {0};                                                  \
                                                                               \
        __VA_ARGS__;                                                           \
        go_waitgroup_wait(&end.wg);                                            \
    }

CHAIN(of_200, link(200, 0, &end))
CHAIN(of_5000, link(5000, 0, &end))
CHAIN(with_helpers, link(300, 25, &end))
CHAIN(in_turn, turn(300, &end))
CHAIN(waiting, {
    chan(int) c = chan_make(int, 0);
    go(daisy, 1000, c, &end);
    chan_recv(c);
})

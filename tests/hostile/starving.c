/*
 * starving.c - who tries in vain while others get it, and who only seems to.
 *
 * All of them count, so that none is a livelock, and all come to an end.
 */
#include <vigil/scenario.h>

enum {
    ROUNDS = 1500,
    FEW = 200
};

static struct go_mutex mu;
static struct go_atomic word;

static void take_turns(int rounds)
{
    for (int i = 0; i < rounds; i++) {
        go_mutex_lock(&mu);
        go_yield();
        go_mutex_unlock(&mu);
    }
}

static void try_in_step(void)
{
    while (!go_mutex_trylock(&mu)) {
        go_yield();
        go_yield();
    }
    go_mutex_unlock(&mu);
}

static void lock_beside(int rounds)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, take_turns, rounds);
    go_waitgroup_go(&wg, try_in_step);
    go_waitgroup_wait(&wg);
}

SCENARIO(by_trylock, .about = "it comes whenever the other one holds the lock")
{
    lock_beside(ROUNDS);
}

SCENARIO(soon_over, .about = "the same, but the other one ends")
{
    lock_beside(FEW);
}

static void add(void)
{
    for (int i = 0; i < 2 * ROUNDS; i++)
        go_atomic_add(&word, 1);
}

static void double_it(void)
{
    int64_t v;

    do
        v = go_atomic_load(&word);
    while (!go_atomic_cas(&word, v, 2 * v));
}

SCENARIO(by_cas, .about = "between its load and its swap another one adds")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, add);
    go_waitgroup_go(&wg, double_it);
    go_waitgroup_wait(&wg);
}

static void make(chan(int) c)
{
    for (int i = 0; i < 2 * ROUNDS; i++)
        chan_send(c, i);
    chan_close(c);
}

static void take_all(chan(int) c)
{
    chan_range(value, c) {
        (void)value;
    }
}

static void take_one(chan(int) c)
{
    while (go_select(GO_RECV(c, NULL), GO_DEFAULT) == 1)
        continue;
}

SCENARIO(by_select, .about = "what it looks for has always just been taken")
{
    chan(int) c = chan_make(int, 1);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, make, c);
    go_waitgroup_go(&wg, take_all, c);
    go_waitgroup_go(&wg, take_one, c);
    go_waitgroup_wait(&wg);
}

/* Nobody takes it from it: nobody has it. */
SCENARIO(nobody_else, .about = "a lock that its holder keeps for long")
{
    struct go_waitgroup wg = {0};

    go_mutex_lock(&mu);
    go_waitgroup_go(&wg, try_in_step);
    for (int i = 0; i < 2 * ROUNDS; i++)
        go_yield();
    go_mutex_unlock(&mu);
    go_waitgroup_wait(&wg);
}

/*
 * planted.h - a channel on which somebody waits, and its handle in some place:
 * for tests of what a scan of memory may prove.
 *
 * Handles are planted, served and lost by goroutines that end, so that nothing
 * of them is left on the stack of who looks. With the heap inside, as scenario
 * programs have it: else nothing that malloc gave is ever lost.
 */
#ifndef TESTS_PLANTED_H
#define TESTS_PLANTED_H

#include "runtime/heap/interpose.c"
#include "tests/parked.h"

typedef chan(int) handle;

static inline void waits(handle c)
{
    chan_recv(c);
}

/* Makes a channel on which somebody waits, and puts its handle there. */
static inline void plant(void (*put)(handle))
{
    handle c = chan_make(int, 0);

    go(waits, c);
    put(c);
}

static inline void serve(handle (*take)(void))
{
    chan_send(take(), 1);
}

static inline void lose(handle (*take)(void))
{
    (void)take();
}

static inline int look(void)
{
    let_all_park();
    return go_check();
}

/* take gives the handle that was put there, which leaves no trace of it. */
static inline void keeps_alive(void (*put)(handle), handle (*take)(void))
{
    go(plant, put);
    CHECK_EQ(look(), 0);
    go(serve, take); /* as could be */
    let_all_park();
    go(plant, put);
    CHECK_EQ(look(), 0);
    go(lose, take);
    CHECK_EQ(look(), 1);
}

/* Somebody waits on a channel that hold is given; it ends within a minute. */
static inline void plant_at(void (*hold)(handle))
{
    handle c = chan_make(int, 0);

    go(waits, c);
    go(hold, c);
}

static inline void held_for_a_while(void (*hold)(handle), int stuck, int then)
{
    go(plant_at, hold);
    CHECK_EQ(look(), stuck);
    go_sleep(GO_MINUTE);
    CHECK_EQ(go_check(), then);
}

static inline void lives(void)
{
    go_sleep(GO_SECOND);
}

static inline void points_to(handle *on_another)
{
    handle *volatile kept = on_another;

    lives();
    kept = kept;
}

/* A place that is a variable, to which there is a pointer. */
static handle *(*cell_of)(void);
static inline void cell_put(handle c)
{
    *cell_of() = c;
}
static inline handle cell_take(void)
{
    handle c = *cell_of();

    *cell_of() = NULL;
    return c;
}

static inline void cell_keeps_alive(handle *(*of)(void))
{
    cell_of = of;
    keeps_alive(cell_put, cell_take);
}

#endif

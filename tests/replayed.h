/*
 * replayed.h - a body in which all is decided that a schedule decides: a
 * select, timers that fire before their time, numbers that are drawn, and
 * addresses of the heap, by which it orders its locks. Some schedules fail.
 */
#ifndef TESTS_REPLAYED_H
#define TESTS_REPLAYED_H

#include <stdint.h>
#include <stdlib.h>
#include <vigil/go.h>

struct account {
    struct go_mutex lock;
    int is;
};

static void transfer(struct account *from, struct account *to)
{
    go_mutex_lock(&from->lock);
    if (go_choose(3) == 2)
        go_sleep(GO_MILLISECOND);
    go_mutex_lock(&to->lock);
    to->is++;
    go_mutex_unlock(&to->lock);
    go_mutex_unlock(&from->lock);
}

static void tick(chan(int) to)
{
    go_sleep(5 * GO_MILLISECOND);
    chan_send(to, 1);
}

/* gap: is allocated before the accounts, and freed behind them. Whoever has the
   lower address is locked first by one, last by the other. */
static void replayed(void *gap)
{
    struct account *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));
    struct account *low = (uintptr_t)a < (uintptr_t)b ? a : b;
    chan(int) ticks = chan_make(int, 0);
    chan(int) more = chan_make(int, 1);
    struct go_waitgroup wg = {0};

    free(gap);
    go_waitgroup_go(&wg, transfer, low, low == a ? b : a);
    go_waitgroup_go(&wg, transfer, low == a ? b : a, low);
    go(tick, ticks);
    go(tick, more);
    for (int i = 0; i < 2; i++)
        go_select(GO_RECV(ticks, NULL), GO_RECV(more, NULL),
                  GO_RECV(go_after(GO_MILLISECOND * (1 + go_choose(4))), NULL));
    go_waitgroup_wait(&wg);
    free(a);
    free(b);
}

#endif

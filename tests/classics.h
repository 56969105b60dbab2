/*
 * classics.h - bodies whose differing schedules can be counted by hand.
 */
#ifndef TESTS_CLASSICS_H
#define TESTS_CLASSICS_H

#include <string.h>
#include <vigil/go.h>

/* ---- two who send, one who receives: C(6, 3) orders ----------------------*/

static int producers_room; /* of their channel */

static inline void producers_one(chan(int) c, int n)
{
    for (int i = 0; i < n; i++)
        chan_send(c, i);
}

static inline void producers(void)
{
    chan(int) c = chan_make(int, producers_room);

    go(producers_one, c, 3);
    go(producers_one, c, 3);
    for (int i = 0; i < 6; i++)
        chan_recv(c);
}

/* ---- two locks in both orders ----------------------------------------------*/

static inline void abba_one(struct go_mutex *a, struct go_mutex *b)
{
    go_mutex_lock(a);
    go_mutex_lock(b);
    go_mutex_unlock(b);
    go_mutex_unlock(a);
}

static inline void abba(void)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, abba_one, &a, &b);
    go_waitgroup_go(&wg, abba_one, &b, &a);
    go_waitgroup_wait(&wg);
}

/* ---- philosophers: 2^n - 1, one of them a deadlock -----------------------*/

enum {
    PHILOSOPHERS_MAX = 5
};
static struct go_mutex philosophers_fork[PHILOSOPHERS_MAX];
static int philosophers_n = PHILOSOPHERS_MAX;

static inline void philosophers_one(int i)
{
    abba_one(&philosophers_fork[i],
             &philosophers_fork[(i + 1) % philosophers_n]);
}

static inline void philosophers(void)
{
    struct go_waitgroup wg = {0};

    memset(philosophers_fork, 0, sizeof(philosophers_fork));
    for (int i = 0; i < philosophers_n; i++)
        go_waitgroup_go(&wg, philosophers_one, i);
    go_waitgroup_wait(&wg);
}

/* ---- three workers, and who closes when they are done: 3! ----------------*/

static inline void workers_one(struct go_waitgroup *wg, chan(int) c, int i)
{
    chan_send(c, i);
    go_waitgroup_done(wg);
}

static inline void workers_closer(struct go_waitgroup *wg, chan(int) c)
{
    go_waitgroup_wait(wg);
    chan_close(c);
}

static inline void workers_and_close(void)
{
    chan(int) c = chan_make(int, 1);
    struct go_waitgroup wg = {0};
    int v;

    go_waitgroup_add(&wg, 3);
    for (int i = 0; i < 3; i++)
        go(workers_one, &wg, c, i);
    go(workers_closer, &wg, c);
    while (chan_recv_ok(c, &v))
        ;
}

#endif

/*
 * netpoll.h - descriptors that goroutines wait for, over epoll.
 *
 * Idle workers poll; the last of them sleeps in it, until the next timer.
 */
#ifndef RT_SCHED_NETPOLL_H
#define RT_SCHED_NETPOLL_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/sched/g.h"

/* 0 or -errno. Makes the epoll instance and the descriptor that wakes it. */
int rt_netpoll_open(void);
void rt_netpoll_close(void);

/*
 * Readies the goroutines whose descriptors are, waiting up to wait_ns for one
 * (0: not at all, -1: for ever). How many. One thread at a time sleeps in it.
 * Between rt_enter and rt_leave only with wait_ns 0.
 */
int rt_netpoll(int64_t wait_ns);
/* Ends the sleep of who sleeps in rt_netpoll; from any thread. */
void rt_netpoll_wake(void);
/* How many goroutines wait for a descriptor: external life. [atomic] */
uint32_t rt_netpoll_waiters(void);

/*
 * Parks until fd is ready for events (POLLIN, POLLOUT), deadline (instant, -1:
 * none) is past, or rt_netpoll_closed. 0, -ETIMEDOUT, -EBADF (closed
 * meanwhile), -EPERM (cannot be polled: a regular file), or -errno.
 */
int rt_netpoll_park(int fd, int events, int64_t deadline,
                    const struct go_site *site);
/* fd is about to be closed: its waiters get -EBADF, its state is forgotten. */
void rt_netpoll_closed(int fd);

#endif

/*
 * netpoll.h - descriptors that goroutines wait for, over epoll.
 *
 * Idle workers poll; the last of them sleeps in it, until the next timer.
 */
#ifndef RT_SCHED_NETPOLL_H
#define RT_SCHED_NETPOLL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "runtime/sched/g.h"

/* 0 or -errno. Makes the epoll instance and the descriptor that wakes it. */
int rt_netpoll_open(void);
void rt_netpoll_close(void);

/*
 * Readies the goroutines whose descriptors are, waiting up to wait_ns for one
 * (0: not at all, -1: for ever). How many. One thread at a time sleeps in it.
 * Between rt_enter and rt_leave only with wait_ns 0.
 *
 * It is rt_netpoll_sleep, then rt_netpoll_ready. Who sleeps calls the two by
 * hand: the first outside the runtime, where the world may be stopped, the
 * second inside.
 */
int rt_netpoll(int64_t wait_ns);

enum {
    RT_NETPOLL_BATCH = 64
};
struct rt_netpoll_events {
    int n;
    struct epoll_event event[RT_NETPOLL_BATCH];
};
/*
 * Collects what is ready, waiting up to wait_ns, but no longer than until the
 * earliest timer (also one that is armed meanwhile), nor when rt_netpoll_wake
 * was called since the last sleep. A second sleeper does not wait.
 */
void rt_netpoll_sleep(int64_t wait_ns, struct rt_netpoll_events *to);
/* Readies who waited for it; how many. */
int rt_netpoll_ready(const struct rt_netpoll_events *events);

/*
 * Ends the sleep of who sleeps in rt_netpoll, or is about to; from any
 * thread. Sticky: with nobody there, the next sleep returns at once.
 */
void rt_netpoll_wake(void);
/* There is a new earliest timer: ends a sleep that has begun. Not sticky. */
void rt_netpoll_recompute(void);
/* How many goroutines wait for a descriptor: external life. [atomic] */
uint32_t rt_netpoll_waiters(void);

/*
 * Parks until fd is ready for events (POLLIN, POLLOUT), deadline (instant, -1:
 * none) is past, or rt_netpoll_closed. A descriptor that is ready already does
 * not park for long: the kernel is asked anew each time. 0, -ETIMEDOUT, -EBADF
 * (closed meanwhile), -EPERM (cannot be polled: a regular file), -EAGAIN (just
 * being closed: yield and try again), or -errno. Spurious zeros happen.
 */
int rt_netpoll_park(int fd, int events, int64_t deadline,
                    const struct go_site *site);
/*
 * fd is about to be closed: its waiters get -EBADF, its state is forgotten.
 * Once close(2) has returned, rt_netpoll_close_done: meanwhile nobody parks
 * on it, for no event would come. Both between no rt_enter and rt_leave.
 */
void rt_netpoll_closed(int fd);
void rt_netpoll_close_done(int fd);
/*
 * fd was just made by us: forgets what its number stood for, should the
 * program have closed that by itself. name (NULL: "fd N") is what reports call
 * it, and lives as long as the run. leaves (NULL: nothing) is called with it when
 * fd goes: by the caller, before it closes it, or where all is forgotten.
 */
typedef void rt_netpoll_leaves(const char *name);
void rt_netpoll_opened(int fd, const char *name, rt_netpoll_leaves *leaves);
/*
 * Nobody waits any more, for all goroutines are dropped where they were; and of
 * no descriptor is anything known. By the one thread of a controlled run.
 */
void rt_netpoll_forget(void);
/* That, and the name in *name; NULL: nothing is to be called. */
rt_netpoll_leaves *rt_netpoll_leaving(int fd, const char **name);

#endif

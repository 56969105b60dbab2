/*
 * epoll.h - the kernel's half of the poller: one epoll instance a run, and
 * the sleep in it. For netpoll.c; others use netpoll.h.
 */
#ifndef RT_SCHED_EPOLL_H
#define RT_SCHED_EPOLL_H

#include <stdint.h>
#include <sys/epoll.h>

/* 0 or -errno. */
int rt_epoll_open(void);
void rt_epoll_close(void);
/* As epoll_ctl(2): 0 or -errno. data is anything but RT_EPOLL_WAKE. */
int rt_epoll_control(int op, int fd, uint32_t events, uint64_t data);

#define RT_EPOLL_WAKE UINT64_MAX /* data of the event that only wakes */

#endif

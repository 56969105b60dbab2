/*
 * epoll.c - the kernel's half of the poller: one epoll instance a run, and
 * the sleep in it.
 *
 * In: the last idle worker, which has nothing to do but wait. Out: the events
 * that ended its sleep; or it was woken, for a new goroutine or timer.
 *
 * Method: one word says whether somebody sleeps. A waker sets it to WOKEN and
 * writes to an eventfd only when it said SLEEPS; who finds WOKEN does not
 * sleep. Arming an earlier timer ends only a sleep that has begun, for a
 * sleeper makes its sleep public first and reads the earliest timer then.
 *
 * E1  At most one thread sleeps; another that would does not wait at all.
 * E2  A wake is never lost: it ends the sleep that is, or the next one.
 *
 * A forked child has the same epoll instance: what it told it would be done to
 * its parent. So the child loses both descriptors at once.
 */
#define _GNU_SOURCE
#include "runtime/sched/epoll.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vigil/descriptor.h>

#include "runtime/sched/netpoll.h"
#include "runtime/sched/timer.h"

enum {
    NS_PER_MS = 1000000,
    NS_PER_S = 1000000000,
};

enum {
    AWAKE,
    SLEEPS,
    WOKEN
};

static struct {
    int epoll, event; /* [init] -1: none */
    uint32_t state;   /* [atomic] AWAKE, ... */
} poller = {.epoll = -1, .event = -1};

/* Where nobody stands in front of close. */
static const char closed[] = "the program has closed descriptors of vigil's";

int rt_epoll_control(int op, int fd, uint32_t events, uint64_t data)
{
    struct epoll_event ev = {.events = events, .data.u64 = data};
    int err = epoll_ctl(poller.epoll, op, fd, &ev) < 0 ? -errno : 0;

    /* one of them is not there: which? */
    rt_need(err != -EBADF || fcntl(poller.epoll, F_GETFD) >= 0, closed);
    return err;
}

/* What is left of wait_ns (-1: for ever) before the earliest timer. */
static int64_t until_timer(int64_t wait_ns)
{
    int64_t next = rt_timer_next(), left;

    if (next == INT64_MAX)
        return wait_ns;
    left = next - rt_now();
    if (left < 0)
        left = 0;
    return wait_ns < 0 || left < wait_ns ? left : wait_ns;
}

/* Nanoseconds where the kernel can (5.11); -1 with ENOSYS elsewhere, or with EPERM
   of a filter that does not know the call. */
static int wait_precisely(struct epoll_event *ev, int64_t ns)
{
#ifdef SYS_epoll_pwait2
    struct {
        int64_t s, ns;
    } ts = {ns / NS_PER_S, ns % NS_PER_S};

    return (int)syscall(SYS_epoll_pwait2, poller.epoll, ev, RT_NETPOLL_BATCH,
                        &ts, NULL, 0);
#else
    (void)ev, (void)ns;
    errno = ENOSYS;
    return -1;
#endif
}

/* Else milliseconds, rounded up. A signal ends it early. */
static int wait_events(struct epoll_event *ev, int64_t ns)
{
    static bool imprecise; /* [atomic] */
    int64_t ms = ns < 0 ? -1 : ns / NS_PER_MS + (ns % NS_PER_MS != 0);
    int n;

    if (ns > 0 && !__atomic_load_n(&imprecise, __ATOMIC_RELAXED)) {
        n = wait_precisely(ev, ns);
        if (n >= 0 || (errno != ENOSYS && errno != EPERM))
            return n;
        __atomic_store_n(&imprecise, true, __ATOMIC_RELAXED);
    }
    return epoll_wait(poller.epoll, ev, RT_NETPOLL_BATCH,
                      ms > INT_MAX ? INT_MAX : (int)ms);
}

/* E1: whether the caller is to sleep; a wake that came before is used up. */
static bool begin_sleep(void)
{
    uint32_t state = AWAKE;

    if (__atomic_compare_exchange_n(&poller.state, &state, SLEEPS, false,
                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return true;
    if (state == WOKEN) /* if it changed: somebody sleeps, and wakes soon */
        __atomic_compare_exchange_n(&poller.state, &state, AWAKE, false,
                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return false;
}

void rt_netpoll_sleep(int64_t wait_ns, struct rt_netpoll_events *to)
{
    bool sleeps = wait_ns != 0 && begin_sleep();
    int n = 0;

    wait_ns = sleeps ? until_timer(wait_ns) : 0;
    if (sleeps || rt_netpoll_waiters() > 0)
        n = wait_events(to->event, wait_ns);
    rt_need(n >= 0 || errno != EBADF, closed);
    to->n = n > 0 ? n : 0; /* EINTR: the caller looks around, comes again */
    if (sleeps)
        __atomic_store_n(&poller.state, AWAKE, __ATOMIC_SEQ_CST);
}

static void end_sleep(void)
{
    uint64_t one = 1;

    /* Fails only when the counter is full, and then it was read by nobody:
       that is never, for it has 64 bits. */
    if (write(poller.event, &one, sizeof(one)) < 0 && poller.event >= 0) {
        rt_need(errno != EBADF, closed);
        rt_check(errno == EAGAIN, "E2: the sleeper can not be woken");
    }
}

void rt_netpoll_wake(void)
{
    if (__atomic_load_n(&poller.state, __ATOMIC_SEQ_CST) == WOKEN)
        return;
    if (__atomic_exchange_n(&poller.state, WOKEN, __ATOMIC_SEQ_CST) == SLEEPS)
        end_sleep();
}

void rt_netpoll_recompute(void)
{
    uint32_t state = SLEEPS;

    if (__atomic_load_n(&poller.state, __ATOMIC_SEQ_CST) == SLEEPS &&
        __atomic_compare_exchange_n(&poller.state, &state, WOKEN, false,
                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        end_sleep();
}

/* In a forked child, too: there it takes nothing from the parent. */
void rt_epoll_close(void)
{
    if (poller.event >= 0)
        go_descriptor_close(poller.event);
    if (poller.epoll >= 0)
        go_descriptor_close(poller.epoll);
    poller.epoll = poller.event = -1;
    poller.state = AWAKE;
}

static void register_fork_handler(void)
{
    rt_need(pthread_atfork(NULL, NULL, rt_epoll_close) == 0,
            "no memory for the poller's fork handler");
}

int rt_epoll_open(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int err = 0;

    rt_check(poller.epoll < 0, "epoll: opened twice");
    pthread_once(&once, register_fork_handler);
    poller.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (poller.epoll < 0)
        return -errno;
    poller.epoll = go_descriptor_keep(poller.epoll);
    poller.event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (poller.event < 0)
        err = -errno;
    else
        poller.event = go_descriptor_keep(poller.event);
    /* By edge: each write is an event, so nobody needs to read it empty. */
    if (err == 0)
        err = rt_epoll_control(EPOLL_CTL_ADD, poller.event, EPOLLIN | EPOLLET,
                               RT_EPOLL_WAKE);
    if (err < 0)
        rt_epoll_close();
    return err;
}
